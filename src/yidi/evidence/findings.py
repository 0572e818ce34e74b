"""The invariants of papers."""

from collections.abc import Iterator

from yidi.audit.findings import Check, Finding
from yidi.evidence import vault
from yidi.evidence.models import Paper


def _kept() -> Iterator[Finding]:
    """Whether each file is whole is told by its length here, and by its seal whenever it is opened."""
    papers = Paper.objects.filter(blob__isnull=False).order_by("pk")
    for paper in papers.only("blob", "subject", "size").iterator():
        length = vault.length(paper.blob or "")
        if length != paper.size:
            held = "文件缺失" if length is None else f"文件内容 {length} 字节，应为 {paper.size} 字节"
            yield Finding(f"paper {paper.pk} ({paper.subject})", held)


CHECKS = (Check("EVIDENCE-KEPT", "每份交来的材料都有完整的文件", _kept),)
