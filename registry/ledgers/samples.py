"""The sample row of each template: plainly fictional. 模板示例行."""

from collections.abc import Mapping

SAMPLES: Mapping[str, Mapping[str, str]] = {
    "agreement": {
        "doc_no": "示校地协〔2023〕1号", "title_zh": "示例市与示例大学校地合作框架协议", "kind": "框架协议",
        "party_a": "示例市人力资源和社会保障局", "party_b": "示例大学", "signed_on": "2023-03-18",
        "place": "示例市", "term_years": "3", "areas": "人才引进、校园招聘",
        "commitments": "每年组织招聘会2场，推送岗位约500个",
    },
    "workstation": {
        "name_zh": "示例市驻示例大学人才合作工作站", "kind": "人才合作工作站",
        "founders": "示例市人力资源和社会保障局", "host": "示例大学", "host_dept": "就业指导中心",
        "unveiled_on": "2023-05-20", "address": "示例大学大学生活动中心", "talks_target": "4", "talks_done": "3",
        "fund_wan": "2.5", "state": "筹建",
    },
    "docking": {
        "region": "示例市", "university": "示例大学", "name_zh": "示例市与示例大学人才对接机制",
        "established_on": "2023年3月", "stage": "初步对接", "form": "会议纪要", "local_liaison": "张某",
        "univ_liaison": "李某", "frequency": "每季度", "next_items": "推进共建工作站", "converted": "否",
    },
    "recruitment": {
        "name_zh": "示例大学校园专场招聘会", "kind": "专场招聘会", "held_on": "2023-04-15", "place": "示例大学体育馆",
        "university": "示例大学", "organizer": "示例市人力资源和社会保障局", "employers": "1,637",
        "positions": "6.24万", "headcount": "10万余", "onsite": "约5000", "count_note": "线上线下合计",
        "source": "新闻报道",
    },
    "visit_enterprise": {
        "university": "示例大学", "visited_on": "2023-05-10", "enterprise": "示例制造有限公司", "nature": "民营企业",
        "is_first": "是", "mode": "实地走访", "lead": "张某", "lead_position": "校长", "lead_level": "书记校长",
        "posts": "约30", "intern_posts": "10", "intentions": "校园招聘、实习基地",
    },
    "follow_up": {
        "visited_on": "2023-09-12", "target": "示例大学", "target_type": "高校", "mode": "实地",
        "linked": "示校地协〔2023〕1号", "visitors": "张某、李某", "content": "了解协议履行情况", "rating": "好",
    },
    "enterprise_docking": {
        "enterprise": "示例制造有限公司", "region": "鞍山市", "university": "示例大学", "m_registered_on": "2023-03-01",
        "m_field_on": "2023-03-15", "m_posted_on": "2023-04-01", "posts": "20", "headcount": "25",
        "m_fair_on": "2023-04-15", "resumes": "60", "interviewed": "15", "stage": "宣讲/招聘", "owner": "张某",
        "next_due": "5月底前发放录用通知", "remark": "示例",
    },
    "task": {
        "source": "联席会议", "task": "示例：落实实习岗位", "target": "落实实习岗位100个",
        "lead": "示例市人力资源和社会保障局", "support": "示例大学", "leader": "张某", "owner": "李某",
        "start_on": "2023-03-20", "due_on": "2023-06-30", "progress": "已落实60个", "percent": "60",
        "problem": "专业不匹配", "help": "请高校提供专业目录", "remark": "示例",
    },
    "seal": {
        "sealed_on": "2023-03-18", "title": "示例市与示例大学校地合作框架协议", "doc_no": "示校地协〔2023〕1号",
        "seal_kind": "公章", "copies": "4", "applicant": "张某", "section_head": "李某", "approver": "王某",
        "keeper": "赵某",
    },
    "base": {
        "name_zh": "示例制造就业见习基地", "enterprise": "示例制造有限公司", "kind": "就业见习基地", "level": "市级",
        "university": "示例大学", "approval_no": "示人社发〔2023〕1号", "approved_on": "2023年3月", "posts": "30",
        "on_post": "12", "completed": "20", "retained": "15", "retention": "75", "expires_on": "2026-03-31",
        "remark": "示例",
    },
}  # fmt: skip
