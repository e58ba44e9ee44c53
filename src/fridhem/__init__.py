"""Fridhem: the open platform for a municipality's work against violence in close relationships."""
