"""What people see: a function a kind, from facts to a page."""
