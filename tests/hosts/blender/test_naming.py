from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotomatte_hosts.blender.naming import clean_name, object_of_label
from rotomatte_plugin.model import MatteObject, PromptSet


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("car", "car"),
        ("red car!", "red_car"),
        ("2 dogs", "object_2_dogs"),
        ("车", "object"),
        ("", "object"),
        ("_a", "a"),
    ],
)
def test_a_name_is_as_near_as_can_be(wanted: str, name: str) -> None:
    assert clean_name(wanted) == name


def test_names_are_told_apart_whatever_their_case() -> None:
    assert clean_name("Car", ["car", "CAR_2"]) == "Car_3"


@given(st.text(), st.lists(st.text(), max_size=4))
def test_every_name_can_be_an_objects(wanted: str, others: list[str]) -> None:
    taken = [clean_name(other) for other in others]
    name = clean_name(wanted, taken)
    assert MatteObject(name, PromptSet()).name == name
    assert name.lower() not in {other.lower() for other in taken}


@pytest.mark.parametrize(
    ("label", "about"),
    [
        ("car", ("car", True)),
        ("Car.001", ("car", True)),
        ("car:-", ("car", False)),
        ("car:-.002", ("car", False)),
        ("car.003:-", ("car", False)),
        ("car:+", ("car", True)),
        ("dog:-", ("dog", False)),
        ("big dog:+", ("big_dog", True)),
        ("Track", None),
        ("Track.001", None),
        ("Note", None),
        (":-", None),
        ("car.01", None),
    ],
)
def test_labels_name_objects_that_are_there_and_others_by_a_sign(label: str, about: tuple[str, bool] | None) -> None:
    assert object_of_label(label, ("car", "tree")) == about
