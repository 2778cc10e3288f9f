"""Second part of the road: the state of the make-believe Discord, without any socket."""
