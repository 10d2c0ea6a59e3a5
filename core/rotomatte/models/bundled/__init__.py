"""The preview model that Rotomatte trains itself and ships: network parts, description and weights."""
