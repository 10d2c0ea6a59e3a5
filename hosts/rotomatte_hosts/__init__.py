"""Integrations that run inside a host application."""
