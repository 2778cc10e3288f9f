"""The core of Klaswacht: it knows schools, not Discord."""
