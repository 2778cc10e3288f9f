"""What buttons, selects and forms do: one module an area, each with tables of its handlers."""
