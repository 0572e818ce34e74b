"""What the register of providers refuses."""

from yidi.values.errors import Refusal


class UnknownProvider(Refusal):
    """A national code that no provider of the register has."""

    code = "PROVIDER-UNKNOWN"
    zh = "没有编号为“{text}”的定点医药机构。请核对机构编号（12 位国家编码），或先在机构登记中补录。"
    en = "No provider has the code “{text}”. Check the 12 characters, or register the provider first."
