"""What the registry knows of promises beyond the signed text: category, measure, curve, fitting records. 承诺目录.

The rows of the model texts by their codes; other rows by their unit and words. A person may say it better later, since
none of it is part of what was signed.
"""

from dataclasses import dataclass

from .enums import Category, Comparator, Curve, Measure


@dataclass(frozen=True)
class Known:
    """What a promise is, and which kinds of records may show it."""

    category: Category = Category.OTHER
    measure: Measure = Measure.COUNT
    curve: Curve = Curve.LINEAR
    kinds: tuple[str, ...] = ()
    comparator: Comparator = Comparator.AT_LEAST


FAIRS = Known(Category.FAIRS, curve=Curve.SEASONAL, kinds=("activity",))
TALKS = Known(Category.TALKS, curve=Curve.SEASONAL, kinds=("activity",))
POSITIONS = Known(Category.POSITIONS, curve=Curve.SEASONAL)
INTERNSHIPS = Known(Category.INTERNSHIPS)
EMPLOYMENT = Known(Category.EMPLOYMENT, curve=Curve.SEASONAL, kinds=("docking_case",))
BASES = Known(Category.BASES)
SECONDMENTS = Known(Category.SECONDMENTS)
VISITS = Known(Category.VISITS, kinds=("visit",))
MEETINGS = Known(Category.MEETINGS, kinds=("visit", "activity"))
REPORTING = Known(Category.REPORTING)

# Rows of the model texts: framework T, workstation W, strategic S; M1 are the joint meetings of the framework's text.
MODELS: dict[tuple[str, str], Known] = {
    ("framework", "T1"): FAIRS,
    ("framework", "T2"): TALKS,
    ("framework", "T3"): POSITIONS,
    ("framework", "T4"): INTERNSHIPS,
    ("framework", "T5"): INTERNSHIPS,
    ("framework", "T6"): EMPLOYMENT,
    ("framework", "T7"): BASES,
    ("framework", "T8"): SECONDMENTS,
    ("framework", "T9"): VISITS,
    ("framework", "M1"): MEETINGS,
    ("strategic", "S1"): FAIRS,
    ("workstation", "W1"): TALKS,
    ("workstation", "W2"): FAIRS,
    ("workstation", "W3"): POSITIONS,
    ("workstation", "W4"): VISITS,
    ("workstation", "W5"): INTERNSHIPS,
    ("workstation", "W6"): EMPLOYMENT,
    ("workstation", "W7"): REPORTING,
}
# Promises that stand in an article and not in the table: the variable, its code, Chinese and English title, unit.
VARIABLES = {"framework": (("meetings_per_year", "M1", "召开联席会议", "Hold joint meetings", "次"),)}
WORDS = (
    ("招聘", FAIRS),
    ("宣讲", TALKS),
    ("实习", INTERNSHIPS),
    ("见习", INTERNSHIPS),
    ("基地", BASES),
    ("挂职", SECONDMENTS),
    ("回访", VISITS),
    ("走访", VISITS),
    ("联席", MEETINGS),
    ("会商", MEETINGS),
    ("岗位", POSITIONS),
    ("就业", EMPLOYMENT),
    ("报送", REPORTING),
    ("培训", Known(Category.TRAINING)),
    ("培养", Known(Category.TRAINING)),
    ("成果", Known(Category.RESEARCH)),
    ("科研", Known(Category.RESEARCH)),
    ("经费", Known(Category.FUNDING, Measure.AMOUNT)),
)
UNITS = {
    "场": Known(Category.FAIRS, curve=Curve.SEASONAL, kinds=("activity",)),
    "%": Known(measure=Measure.PERCENT),
    "％": Known(measure=Measure.PERCENT),
    "元": Known(Category.FUNDING, Measure.AMOUNT),
    "万元": Known(Category.FUNDING, Measure.AMOUNT),
}


def known_of(template: str, code: str, task: str, unit: str, *, has_figure: bool = True) -> Known:
    """What a row is: by the model text's code, else by its words, else by its unit.

    A row without a figure is done or not; per cent and money are measured as such whatever the words say.
    """
    model = MODELS.get((template, code))
    if model:
        return model
    by_unit = UNITS.get(unit)
    by_words = next((known for word, known in WORDS if word in task), None)
    found = by_words or by_unit or Known()
    if not has_figure:
        return Known(found.category, Measure.BOOLEAN, Curve.LINEAR, found.kinds)
    if by_unit and by_unit.measure is not Measure.COUNT:
        return Known(found.category if by_words else by_unit.category, by_unit.measure)
    return found
