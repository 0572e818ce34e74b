"""Why a bill cannot be decided or booked."""

from yidi.values.errors import Refusal


class LevelUnknown(Refusal):
    code = "BILL-LEVEL"
    zh = "{provider}在登记中没有机构级别，无法确定报销比例。请联系就医地经办机构核实并补登级别。"
    en = "The register holds no level for {provider}, so no share can be told. Ask the care region's agency to add it."


class InvoiceUsed(Refusal):
    """Says through what an invoice was paid, and not for whom: `subject` is for services, not for people."""

    code = "INVOICE-USED"
    zh = "票据号“{invoice}”已用于{use}，不能再次结算或报销。如有疑问请联系参保地经办机构。"
    en = "Invoice {invoice} has been used for a {use} and cannot be paid again. Ask the home agency if in doubt."

    @property
    def subject(self) -> str:
        """The number of the visit or claim that holds the invoice."""
        return str(self.details["subject"])
