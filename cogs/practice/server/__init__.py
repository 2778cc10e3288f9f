"""Third part of the road: the world behind real HTTP and WebSocket."""
