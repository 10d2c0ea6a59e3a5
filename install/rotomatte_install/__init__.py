"""Finding hosts on this machine and putting integrations into them."""
