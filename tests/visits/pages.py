"""What the tests of pages type: the rows of a university's ledger, one visit, an export."""

from collections.abc import Iterable, Mapping

from tests.conftest import Client

ENGLISH = {"Accept-Language": "en"}
# The rows of the sample ledger as they stand there; its third day is an Excel serial, 44693.
LEDGER = (
    {
        "day": "20220510",
        "visited_name": "示例汽车零部件有限公司",
        "visited_uscc": "91210100MB0T0637X0",
        "leader_name": "甲某",
        "leader_office": "党委书记",
        "direction": "实地",
        "posts": "30",
        "internships": "20",
        "base_built": "是",
        "intentions": "校园招聘、实习基地",
        "follow_up": "6月底前签协议",
    },
    {
        "day": "2022.5.11",
        "visited_name": "示例装备制造有限公司",
        "visited_uscc": "91210100MB0T0637X1",
        "leader_name": "乙某",
        "leader_office": "校长",
        "direction": "线上",
        "posts": "约15",
        "base_built": "否",
        "intentions": "订单班/科研合作",
    },
    {
        "day": "2022-05-12",
        "visited_name": "示例软件有限公司",
        "leader_name": "丙某",
        "leader_office": "副校长",
        "direction": "请进来",
        "internships": "10",
        "base_built": "√",
    },
)


def log(client: Client, rows: Iterable[Mapping[str, str]]) -> None:
    """Enter visits by the form."""
    for row in rows:
        assert client.post("/visits/new", data=values(**row)).status_code == 303


def values(**changes: str) -> dict[str, str]:
    given = {"kind": "enterprise_expansion", "took_place": "yes", "direction": "go_out", "findings": "愿意来校招聘"}
    return given | changes


def exported(client: Client, query: str, form: str) -> bytes:
    with client.post(f"/visits/export{query}", data={"format": form}) as answer:
        data: bytes = answer.data
    return data
