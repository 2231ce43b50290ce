"""What people meet in a browser: the screens of a self-check, and what serves them.

Edges import the core; nothing of the core imports what stands here.
"""
