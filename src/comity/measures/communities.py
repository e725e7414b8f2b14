"""Which nodes of a weighted network hold together more than chance would have it?

Modularity Q = Σ_ij (w_ij − k_i k_j / 2m) δ(c_i, c_j) / 2m (Newman & Girvan 2004, Phys. Rev. E) is raised by joining the two groups whose
union adds most (Clauset, Newman & Moore 2004, Phys. Rev. E) and then by moving single nodes while any move adds (the first phase of
Blondel et al. 2008, J. Stat. Mech.). No chance is involved: equal gains go to the first in order. It finds a good division and not
provably the best; Leiden (Traag et al. 2019) is not in rustworkx, and igraph's licence keeps it out of the requirements.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]
GAIN = 1e-12  # differences below are rounding


def communities(weights: Floats) -> Labels:
    """A label for each node of a symmetric matrix of weights: 1 for the largest community, 0 for nodes without ties."""
    if weights.sum() == 0:
        return np.zeros(len(weights), dtype=np.int64)
    return _numbered(_moved(weights, _joined(weights)), weights)


def modularity(weights: Floats, labels: Labels) -> float:
    """Modularity Q of a division, −0.5 to 1."""
    total, degree = weights.sum(), weights.sum(axis=1)
    same = labels[:, None] == labels[None, :]
    return float(((weights / total - np.outer(degree, degree) / total**2) * same).sum())


def _joined(weights: Floats) -> Labels:
    """Groups after joining, step by step, the pair that adds most, until no pair adds anything."""
    labels = np.arange(len(weights))
    between = weights / weights.sum()
    while len(between) > 1:
        share = between.sum(axis=1)
        gain = 2.0 * (between - np.outer(share, share))
        np.fill_diagonal(gain, -np.inf)
        first, second = sorted(int(at) for at in np.unravel_index(int(np.argmax(gain)), gain.shape))
        if gain[first, second] <= GAIN:
            break
        between[first] += between[second]
        between[:, first] += between[:, second]
        between = np.delete(np.delete(between, second, 0), second, 1)
        labels = np.where(labels == second, first, np.where(labels > second, labels - 1, labels))
    return labels


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
