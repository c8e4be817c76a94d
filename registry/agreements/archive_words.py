"""What an archive package says to a reader, as plain text: the dossier, and how to check the package. 归档说明."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from ..core.dates import SHANGHAI
from .labels import event_label, label, party_label
from .models import (
    AgreementKind,
    ClearanceResult,
    ClearanceStep,
    Disclosure,
    DocumentKind,
    LegalResult,
    Retention,
    RevisionKind,
    SealKind,
    Secrecy,
    SignatoryStatus,
    SignatureMethod,
    Verdict,
)

Data = Mapping[str, Any]
NONE = "（无）"

README = """\
归档说明
========

本归档包由校地合作协议登记系统生成，含一份已签协议（或补录协议）的全部归档文件，不依赖本系统即可查验。
{demo}
档号：{number}
题名：{title}
文件编号：{document}

一、包内文件
  README.txt                  本说明
  metadata.xml                归档元数据：最低七项（题名、文件编号、责任者、日期、机构或问题、保管期限、密级）、
                              归档登记、关联关系、全部文件的 SHA-256 与 SM3 摘要
  archive-metadata-1.xsd      元数据的 XML 模式
  dossier.txt                 卷宗正文：内部审核意见、会议纪要编号、各方意见、签署表、用印登记、变更记录
                              （纯文本，UTF-8）
  dossier.json                同一卷宗的机读形式（JSON，UTF-8）
  record/                     协议的机读记录及其 JSON 模式（补录协议无此目录）
  files/                      已签文件：登记副本、已签协议、扫描件、授权书、外部签章文件、签署稿或来源文件
  trust/                      查验文件内数字签名所需的根证书与登记系统证书（PEM）
  manifest-sha256.txt         除清单外每个文件的 SHA-256 摘要
  manifest-sm3.txt            除清单外每个文件的 SM3 摘要（GB/T 32905-2016）

二、如何查验
  1. 解压后在该目录执行：sha256sum -c manifest-sha256.txt
     国密摘要：逐个执行 openssl dgst -sm3 文件名，与 manifest-sm3.txt 比对。
  2. 元数据：xmllint --noout --schema archive-metadata-1.xsd metadata.xml
  3. files/ 中的 PDF 带数字签名，可用支持 PAdES 的阅读器以 trust/ 中的根证书查验。
  4. 有本系统程序时：flask registry verify-archive 本文件.zip（以上各项一并查验，无需数据库和网络）
  5. 清单只能证明包内一致。整个压缩包的 SHA-256 登记在系统的归档卡片和审计记录中，应与之比对。
本文件哈希仅用于完整性校验，不构成电子签名。

About this archive package
==========================

This package was made by the school-locality cooperation registry. It holds all archived papers of one signed
agreement (or historic record) and can be checked without the registry.

Archive number: {number}
Document number: {document}

1. What is inside
  README.txt                  this text
  metadata.xml                the seven minimum items of archival metadata, the entry in the archive, relations,
                              SHA-256 and SM3 digests of all files
  archive-metadata-1.xsd      the XML schema of the metadata
  dossier.txt                 internal opinions, number of the minutes, parties' words, table of signatures, seal
                              register, change log (plain text in Chinese, UTF-8)
  dossier.json                the same for machines (JSON, UTF-8)
  record/                     the machine-readable record of the agreement with its JSON Schema (not for historic ones)
  files/                      signed files: registry copy, signed agreement, scans, powers of attorney, files sealed
                              elsewhere, signing copy; or source documents
  trust/                      roots and the registry's certificate (PEM), for the signatures inside the files
  manifest-sha256.txt         SHA-256 of every file but the manifests
  manifest-sm3.txt            SM3 (GB/T 32905-2016) of every file but the manifests

2. How to check it
  1. Unpack, and there: sha256sum -c manifest-sha256.txt
     SM3: run openssl dgst -sm3 FILE for each, and compare with manifest-sm3.txt.
  2. Metadata: xmllint --noout --schema archive-metadata-1.xsd metadata.xml
  3. The PDFs in files/ are signed: check them with any reader that knows PAdES, by the roots in trust/.
  4. With the registry's program: flask registry verify-archive THIS.zip (all of the above, no database, no network)
  5. The manifests prove that the package agrees with itself. The SHA-256 of the whole package stands on the
     archive card and in the audit log of the registry: compare it.
A digest shows integrity; it is not an electronic signature.
"""


def said(code: StrEnum) -> str:
    """A code in words; the caller decides the language (`speaking`)."""
    return str(label(code))


def readme(dossier: Data) -> str:
    """What the package is and how to check it, in both languages."""
    agreement = dossier["agreement"]
    return README.format(
        number=dossier["archive"]["number"],
        title=agreement["title_zh"],
        document=agreement["number"] or NONE,
        demo="演示数据，非真实文件。Demonstration data.\n" if agreement["is_demo"] else "",
    )


def dossier_text(dossier: Data) -> str:
    """The dossier for people, in Chinese."""
    parts = (
        ("归档登记", _archive(dossier["archive"])),
        ("协议", _agreement(dossier["agreement"], dossier["revision"])),
        ("内部审核意见", map(_step, dossier["steps"])),
        ("集体研究", _minutes(dossier["agreement"])),
        ("各方意见", map(_approval, dossier["approvals"])),
        ("签署表", map(_signature, dossier["signatures"])),
        ("用印登记", map(_seal, (one for one in dossier["signatures"] if one["seal"]))),
        ("归档文件", map(_file, dossier["files"])),
        ("变更记录（序号、时间、操作、人员、审计哈希）", map(_event, dossier["events"])),
    )
    lines = [f"卷宗　{dossier['archive']['number']}　{dossier['agreement']['title_zh']}", ""]
    for title, rows in parts:
        lines += [f"【{title}】", *(list(rows) or [NONE]), ""]
    return "\n".join(lines)


def _archive(one: Data) -> Iterator[str]:
    yield f"档号：{one['number']}"
    until = f"（保管至 {one['kept_until']}）" if one["kept_until"] else ""
    yield f"保管期限：{said(Retention(one['retention']))}{until}"
    yield f"密级：{said(Secrecy(one['secrecy']))}；公开属性：{said(Disclosure(one['disclosure']))}"
    yield f"原件：{one['originals']} 份，存放于 {one['place'] or NONE}"
    yield f"归档：{_moment(one['archived_at'])}　{one['archived_by']}"


def _agreement(one: Data, revision: Data | None) -> Iterator[str]:
    yield f"题名：{one['title_zh']}"
    yield f"文件编号：{one['number'] or NONE}　类型：{said(AgreementKind(one['kind']))}"
    for party in one["parties"]:
        yield f"{party_label(party['position'])}：{party['name']}"
    ends = "无固定期限" if one["open_ended"] else one["expires_on"] or NONE
    yield f"签约：{one['signed_on'] or NONE}　地点：{one['signing_place'] or NONE}"
    yield f"生效：{one['effective_on'] or NONE}　到期：{ends}"
    if one["source"]:
        yield f"来源：{one['source']} {one['source_url']}".strip()
    if revision:
        yield f"版次：第 {revision['no']} 版（{said(RevisionKind(revision['kind']))}）"
        yield f"内容摘要 SHA-256：{revision['content_sha256']}"
        yield f"内容摘要 SM3：{revision['content_sm3'] or NONE}"


def _step(one: Data) -> str:
    result = said(ClearanceResult(one["result"])) if one["result"] else "未办"
    legal = f"（{said(LegalResult(one['legal_result']))}）" if one["legal_result"] else ""
    who = f"{one['by']} {_moment(one['at'])}" if one["at"] else ""
    return (
        f"第 {one['revision']} 版　{said(ClearanceStep(one['step']))}：{result}{legal}　{one['opinion']}　{who}".strip()
    )


def _minutes(one: Data) -> Iterator[str]:
    if one["minutes_number"]:
        yield f"会议纪要：{one['minutes_number']} {one['minutes_on'] or ''}".strip()


def _approval(one: Data) -> str:
    return f"{one['party']}：{said(Verdict(one['verdict']))}　{one['comment']}　{one['by']} {_moment(one['at'])}"


def _signature(one: Data) -> str:
    proxy = "（授权代表）" if one["is_proxy"] else ""
    state, method = said(SignatoryStatus(one["status"])), said(SignatureMethod(one["method"]))
    line = f"{one['party']}：{one['name']} {one['title']}{proxy}　{method}　{state}　{one['signed_on'] or ''}"
    if one["certificate"]:
        held = one["certificate"]
        line += f"　证书 {held['subject']} #{held['serial']}　{_moment(held['signed_at'])}"
    return line + (f"　原因：{one['reason']}" if one["reason"] else "")


def _seal(one: Data) -> str:
    seal = one["seal"]
    kind = said(SealKind(seal["seal"]))
    return f"{one['party']}：{kind}　{seal['sealed_on']}　{seal['copies']} 份　监印 {seal['sealed_by']}"


def _file(one: Data) -> str:
    parties = f"（{'、'.join(one['parties'])}）" if one["parties"] else ""
    return f"{one['name']}　{said(DocumentKind(one['kind']))}{parties}　{one['original_name']}　SHA-256 {one['sha256']}"


def _event(one: Data) -> str:
    reason = f"　原因：{one['reason']}" if one["reason"] else ""
    who = one["by"] or "系统"
    return f"{one['seq']}　{_moment(one['at'])}　{event_label(one['action'])}　{who}{reason}　{one['hash']}"


def _moment(text: str | None) -> str:
    """The wall clock of Shanghai."""
    if not text:
        return ""
    return f"{datetime.fromisoformat(text).astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
