"""``nuke -t rotomatte_nuke.py job.json``: the mattes of a script's Rotomatte node, without a window."""

from __future__ import annotations

import sys

from rotomatte_hosts.nuke.headless import main

sys.exit(main(sys.argv[1:]))
