import textwrap

import pytest

from nnsize_tui.screens.setup.form import FORMS
from nnsize_tui.screens.setup.layout import PLAN_LINES, arrange


@pytest.mark.parametrize("height", [20, 24, 48, 60])
def test_parts_do_not_overlap_and_the_help_of_every_field_has_room(height: int) -> None:
    helps = [field.help for form in FORMS.values() for field in form.fields]
    for width in range(60, 201):
        parts = arrange(width, height)
        places = list(parts.values())
        assert all(not one.overlaps(other) for one in places for other in places if one is not other)
        assert all(place.right <= width and place.bottom <= height for place in places)
        plan = parts["plan"]
        assert max(len(textwrap.wrap(text, plan.width - 2)) for text in helps) <= plan.height - PLAN_LINES
        assert parts["settings"].height >= 10
