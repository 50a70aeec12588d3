"""Simpler and larger systems, fitted here on the same rows, to compare the network with."""
