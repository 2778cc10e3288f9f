"""The Discord adapter: translate in, present out."""
