"""The networks that are trained."""

import pytest
import torch
from torch import Tensor

from engines.models.performer import READERS, Performer, Reader
from tests.training import drill

SHAPE = drill.small().shape


def reader(name: str, seed: int = 0) -> Reader:
    torch.manual_seed(seed)
    made = READERS[name](SHAPE).eval()
    made.entry.edges.copy_(torch.linspace(-1.0, 1.0, SHAPE.bins + 1))
    return made


def inputs(notes: int = 7, windows: int = 2) -> tuple[Tensor, ...]:
    draw = torch.Generator().manual_seed(1)
    return (
        torch.rand(windows, notes, SHAPE.columns, generator=draw),
        torch.zeros(windows, notes, SHAPE.said),
        torch.zeros(windows, notes, 2 * SHAPE.parameters),
        torch.arange(notes).repeat(windows, 1) * 0.5,
    )


every_reader = pytest.mark.parametrize("name", READERS)


@every_reader
@pytest.mark.parametrize("notes", [1, 2, 40])
def test_a_reader_says_means_and_scatter_of_each_note(name: str, notes: int) -> None:
    mean, scatter = reader(name)(*inputs(notes))
    assert mean.shape == (2, notes, SHAPE.parameters)
    assert scatter.shape == (2, notes, SHAPE.scattered, SHAPE.components, 3)


@every_reader
def test_windows_do_not_hear_each_other(name: str) -> None:
    both = reader(name)(*inputs())
    alone = reader(name)(*(array[1:] for array in inputs()))
    for one, other in zip(both, alone, strict=True):
        torch.testing.assert_close(one[1:], other)


@every_reader
def test_a_reader_looks_at_neighbours(name: str) -> None:
    view, *rest = inputs()
    with torch.no_grad():
        before = reader(name)(view, *rest)[0][:, 0]
        view[:, 1] = 1.0 - view[:, 1]
        assert not torch.allclose(before, reader(name)(view, *rest)[0][:, 0])


@every_reader
def test_the_scatter_does_not_bend_what_the_means_are_read_from(name: str) -> None:
    made = reader(name)
    made(*inputs())[1].sum().backward()
    assert made.entry.joined.weight.grad is None


def test_what_is_far_out_in_a_column_is_in_its_outermost_bin() -> None:
    entry, (view, said, known, _) = reader("wide").entry, inputs()
    with torch.no_grad():
        far, edge = (entry(torch.full_like(view, value), said, known) for value in (1.0e30, 1.0))
    assert torch.equal(far, edge)


def test_a_column_of_one_value_is_no_division_by_zero() -> None:
    made = reader("wide")
    made.entry.edges.zero_()
    assert torch.isfinite(made(*inputs())[0]).all()


def test_a_performer_says_the_mean_of_its_readers_and_all_that_they_scatter() -> None:
    readers = [reader("wide"), reader("recurrent")]
    opinions = [one(*inputs()) for one in readers]
    mean, scatter = Performer(readers)(*inputs())
    torch.testing.assert_close(mean, (opinions[0][0] + opinions[1][0]) / 2)
    torch.testing.assert_close(scatter, torch.cat([said for _, said in opinions], dim=-2))
