"""Who must look, when, and whether the word arrived."""
