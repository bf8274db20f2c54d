"""Find a way through a chain of two states, or draw one.

Nothing here goes from one step to the next in a loop: what is known of a span of steps is joined
with what is known of the next span, so that the time is that of log2(O) operations on arrays.

Letters: O steps; O+1 states, the first of which is 0. `ways` are the weights, above 0, of the ways
of each step from state 0 to 0, 0 to 1, 1 to 0 and 1 to 1: (4, O).

Source: Rabiner (1989), "A tutorial on hidden Markov models", Proceedings of the IEEE 77(2), section
III, for the likeliest way; Frühwirth-Schnatter (1994), "Data
augmentation and dynamic linear models", Journal of Time Series Analysis 15(2), for drawing a way;
Särkkä and García-Fernández (2021), "Temporal parallelization of Bayesian smoothers", IEEE
Transactions on Automatic Control 66(1), for joining spans.
"""

import numpy as np


def likeliest(ways: np.ndarray) -> np.ndarray:
    """Return the states of the likeliest way: (O+1,) int."""
    best = _forward(ways, np.maximum) * _backward(ways)
    return np.asarray(np.argmax(best, axis=0))


def drawn(ways: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the states of a way that is drawn in proportion to its weight: (O+1,) int.

    It is drawn from its end. A die for each step says from which state either state came: both from
    the same, which settles it; or each from one of its own, the same or the other.
    """
    before, states = _forward(ways, np.add), ways.shape[1] + 1
    dice = rng.random(size=(states,))
    from_0, from_1 = before[0, :-1] * ways[:2], before[1, :-1] * ways[2:]
    source = np.zeros((2, states), dtype=np.intp)
    source[:, :-1] = dice[:-1] * (from_0 + from_1) < from_1
    source[:, -1] = dice[-1] * before[:, -1].sum() < before[1, -1]
    step = np.arange(states)
    settled = np.where(source[0] == source[1], step, states)
    settled = np.minimum.accumulate(settled[::-1])[::-1]
    turns = np.append(0, np.cumsum(source[0] > source[1]))
    return np.asarray((source[0, settled] + turns[settled] - turns[step]) % 2)


def _forward(ways: np.ndarray, either: np.ufunc) -> np.ndarray:
    """Return the weight of the ways from the beginning to each state, (2, O+1), to some scale.

    `either` joins ways that meet: `np.add` for all of them, `np.maximum` for the best.
    """
    return np.concatenate([[[1.0], [0.0]], _running(ways, either)[0]], axis=1)


def _backward(ways: np.ndarray) -> np.ndarray:
    """Return the weight of the best way from each state to the end: (2, O+1), to some scale."""
    turned = _running(ways[[0, 2, 1, 3], ::-1], np.maximum).max(axis=0)[:, ::-1]
    return np.concatenate([turned, np.ones((2, 1))], axis=1)


def _running(ways: np.ndarray, either: np.ufunc) -> np.ndarray:
    """Return the weights of the ways from the first step through each.

    They are (2, 2, O), from either state to either, the largest of a step 1.
    """
    ways, reach = ways.reshape(2, 2, -1), 1
    while reach < ways.shape[2]:
        far = either.reduce(ways[:, :, None, :-reach] * ways[None, :, :, reach:], axis=1)
        ways = np.concatenate([ways[..., :reach], far / far.max(axis=(0, 1))], axis=2)
        reach *= 2
    return ways
