"""First part of the road: the school file becomes facts."""
