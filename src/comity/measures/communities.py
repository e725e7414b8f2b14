"""Which nodes of a weighted network hold together more than chance would have it?

Modularity Q = Σ_ij (w_ij − k_i k_j / 2m) δ(c_i, c_j) / 2m (Newman & Girvan 2004, Phys. Rev. E) is raised by moving single nodes, then by
moving whole groups, over and over until no move adds anything (Blondel et al. 2008, J. Stat. Mech.: Louvain), and at last by single nodes
again. No chance is involved: nodes are taken in order and equal gains go to the first. It finds a good division and not provably the
best; Leiden (Traag et al. 2019) is not in rustworkx, and igraph's licence keeps it out of the requirements.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]
GAIN = 1e-12  # differences below are rounding


def communities(weights: Floats) -> Labels:
    """A label for each node of a symmetric matrix of weights: 1 for the largest community, 0 for nodes without ties."""
    labels = np.arange(len(weights))
    if weights.sum() == 0:
        return np.zeros(len(weights), dtype=np.int64)
    while True:
        moved = _moved(weights, labels)
        groups = np.unique(moved, return_inverse=True)[1]
        joined = _moved(_between(weights, groups), np.arange(int(groups.max()) + 1))[groups]
        if modularity(weights, joined) <= modularity(weights, labels) + GAIN:
            return _numbered(moved, weights)
        labels = joined


def modularity(weights: Floats, labels: Labels) -> float:
    """Modularity Q of a division, −0.5 to 1."""
    total, degree = weights.sum(), weights.sum(axis=1)
    same = labels[:, None] == labels[None, :]
    return float(((weights / total - np.outer(degree, degree) / total**2) * same).sum())


def _between(weights: Floats, groups: Labels) -> Floats:
    """Sums of weights between groups; within a group on the diagonal."""
    member = (groups[:, None] == np.arange(int(groups.max()) + 1)[None, :]).astype(np.float64)
    return np.asarray(member.T @ weights @ member, dtype=np.float64)


def _moved(weights: Floats, labels: Labels) -> Labels:
    """Groups after moving single nodes to the neighbouring group that adds most, until no move adds anything."""
    labels, total, degree = labels.copy(), weights.sum(), weights.sum(axis=1)
    moved = True
    while moved:
        moved = False
        for node in np.flatnonzero(degree):
            pull = weights[node] / total - degree[node] * degree / total**2
            pull[node] = 0.0
            gain = np.bincount(labels, weights=pull, minlength=int(labels.max()) + 2)  # the last group is empty: the node by itself
            best = int(np.argmax(gain))
            if gain[best] > gain[labels[node]] + GAIN:
                labels[node] = best
                moved = True
    return labels


def _numbered(labels: Labels, weights: Floats) -> Labels:
    """Labels by size, then by first member; nodes without ties are in no community."""
    tied = weights.sum(axis=1) > 0
    groups, first, size = np.unique(labels[tied], return_index=True, return_counts=True)
    number = {group: at + 1 for at, group in enumerate(groups[np.lexsort((first, -size))])}
    return np.array([number[label] if kept else 0 for label, kept in zip(labels, tied, strict=True)], dtype=np.int64)
