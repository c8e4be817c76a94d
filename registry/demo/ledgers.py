"""A messy ledger that was dropped and looked at: what is new, what is to be decided, what is wrong. 演示台账导入."""

from hashlib import sha256

from ..accounts.models import User
from ..core.db import transaction
from ..ledgers import jobs
from ..ledgers.models import ImportBatch
from ..ledgers.reading.workbook import find_ledger, open_book
from ..ledgers.services import batches
from ..ledgers.services.batches import Dropped
from ..ledgers.targets.catalogue import target

CODE = "agreement"
FILENAME = "演示：鞍山市校地合作协议台账.csv"
LEDGER = """演示：鞍山市校地合作协议台账（截至2026年11月）
填报单位：鞍山市人社局,,,填报日期：2026.11.20
序号,编号,合作协议名称,协议类型,甲方,乙方（合作院校）,签订日期,期限,年度目标,备注
1,,演示：鞍山市与辽宁科技大学实习合作协议,合作协议,鞍山市人社局,辽宁科技大学,2021.3.18,三年,每年组织招聘会2场，推送岗位约500个,
2,,演示：鞍山市与鞍山师院见习合作意向书,意向书,鞍山市人社局,鞍山师院,2022年,,近20人,简称待确认
3,,演示：鞍山市与沈阳大学合作协议,合作协议,鞍山市人社局,沈阳大学,2022年13月,2年,,日期有误
合计,,3
"""


def enter_ledgers(people: dict[str, User]) -> ImportBatch:
    """By the handler of Anshan, who has not confirmed it yet."""
    data = LEDGER.encode("gb18030")
    found = find_ledger(open_book(data), target(CODE).ledger)
    if found is None:
        raise RuntimeError("the demonstration's ledger is none")
    dropped = Dropped(FILENAME, sha256(data).hexdigest(), batches.keep(data), found)
    with transaction():
        batch = batches.begin(dropped, target(CODE), people["anshan.handler"])
    jobs.check({"batch": batch.id, "run": batch.run})
    return batch
