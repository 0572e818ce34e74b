"""The words of papers: what is taken, what is kept, and what invoices are read from."""

from yidi.values.terms import Term


class Taken(Term):
    """A type of file that is taken, told by its first bytes."""

    JPEG = "jpeg", "JPEG 图片", "JPEG picture"
    PNG = "png", "PNG 图片", "PNG picture"
    HEIF = "heif", "HEIC 图片", "HEIC picture"
    PDF = "pdf", "PDF 文件", "PDF file"


class MediaType(Term):
    """What a paper is kept as: every picture becomes a JPEG, every PDF a PDF of pictures."""

    JPEG = "image/jpeg", "图片", "picture"
    PDF = "application/pdf", "PDF 文件", "PDF file"

    @property
    def ending(self) -> str:
        """How the name of such a file ends."""
        return {"image/jpeg": ".jpg", "application/pdf": ".pdf"}[self]


class InvoiceSource(Term):
    """What the fields of an invoice were read from."""

    TAX_CODE = "tax-code", "税务发票二维码", "code of a tax invoice"
    TAX_XML = "tax-xml", "数电发票 XML", "XML of a digital tax invoice"
    FISCAL_XML = "fiscal-xml", "财政电子票据 XML", "XML of a fiscal e-receipt"
