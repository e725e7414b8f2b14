"""Colours that mean the same on every page: one for each mechanism, class and bloc (Okabe & Ito 2008), and the ink around them.

Nothing is told by colour alone: charts label lines directly or change the mark as well.
"""

from __future__ import annotations

INK, SOFT, FAINT, PAPER, ACCENT = "#1a1d21", "#5a626b", "#d7dbe0", "#ffffff", "#0b3d91"
MECHANISM = {
    "agreements": "#0072B2",
    "exercises": "#E69F00",
    "dialogues": "#009E73",
    "deployments": "#56B4E9",
    "technology": "#CC79A7",
    "information": "#B8A500",
    "visits": "#8a8f98",
}
CONFLICT = "#D55E00"
CLASS = {"nuclear": "#7a1c00", "long_range": "#D55E00", "short_range": "#E8894A", "conventional_clash": "#5c3d99", "grey_zone": "#8a8f98"}
BLOC = {"united_states": "#0072B2", "china": "#D55E00"}
UNKNOWN = "#c9ced4"
