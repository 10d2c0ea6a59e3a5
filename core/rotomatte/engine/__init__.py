"""The engine process, which serves every host of one user on this machine.

Importing it is quick: what loads a model or opens a plate is imported when a client first asks for it.
"""
