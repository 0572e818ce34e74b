"""Why a file is not taken, or a paper cannot be shown. Files are named as the person who sent them knows them."""

from yidi.values.errors import Refusal


class FileRefused(Refusal):
    """A file is not taken: the parent of all that the person can mend by sending another one."""


class FileEmpty(FileRefused):
    code = "EVIDENCE-EMPTY"
    zh = "文件“{name}”是空的（0 字节），可能没有保存好。请重新拍照或导出后再上传。"
    en = "The file “{name}” is empty (0 bytes); perhaps it was not saved. Take or save it again, then upload it."


class FileTooLarge(FileRefused):
    code = "EVIDENCE-TOO-LARGE"
    zh = "文件“{name}”太大（{size}），每个文件最多 {limit}。请把照片调小些，或分成几个文件上传。"
    en = "The file “{name}” is too large ({size}); a file may have {limit}. Make it smaller or split it."


class RequestTooLarge(FileRefused):
    code = "EVIDENCE-REQUEST-TOO-LARGE"
    zh = "这次上传的文件合计太大（{size}），一次最多 {limit}，文件“{name}”没有收下。请分几次上传。"
    en = "The files sent together are too large ({size}; at most {limit}), so “{name}” was not taken. Send fewer at a time."


class TypeUnknown(FileRefused):
    code = "EVIDENCE-TYPE"
    zh = "文件“{name}”不是可以收的类型。可以上传照片（JPEG、PNG、HEIC）或 PDF 文件；其他文件请先拍照或另存为 PDF。"
    en = (
        "The file “{name}” is of a type that is not taken. Photos (JPEG, PNG, HEIC) and PDF files are; "
        "take a photo of anything else, or save it as PDF."
    )


class FileDamaged(FileRefused):
    code = "EVIDENCE-DAMAGED"
    zh = "文件“{name}”打不开：它像是{kind}，但内容已损坏或不完整。请重新拍照或导出后再上传。"
    en = "The file “{name}” does not open: it looks like a {kind} but is damaged or cut off. Take or save it again."


class TooManyPixels(FileRefused):
    code = "EVIDENCE-PIXELS"
    zh = "图片“{name}”的尺寸是 {width}×{height}，超过了可以处理的 {limit} 万像素。请把图片调小后再上传。"
    en = "The picture “{name}” measures {width}×{height}, over the limit of {limit_en} megapixels. Make it smaller."


class TooManyPages(FileRefused):
    code = "EVIDENCE-PAGES"
    zh = "文件“{name}”有 {pages} 页，每个文件最多 {limit} 页。请分成几个文件上传。"
    en = "The file “{name}” has {pages} pages; a file may have {limit}. Split it into several files."


class TooHeavy(FileRefused):
    code = "EVIDENCE-HEAVY"
    zh = "文件“{name}”处理起来太费时间或内存，没有收下。请改用普通照片，或把文件分成几份再上传。"
    en = "Opening the file “{name}” takes too much time or memory. Use a plain photo, or split the file."


class PdfEncrypted(FileRefused):
    code = "EVIDENCE-PASSWORD"
    zh = "PDF 文件“{name}”有密码保护，无法打开。请另存一份没有密码的，或打印后拍照上传。"
    en = "The PDF “{name}” is protected by a password. Save a copy without it, or upload photos of the pages."


class TooManyPapers(FileRefused):
    code = "EVIDENCE-MANY"
    zh = "“{material}”最多上传 {limit} 个文件，“{name}”没有收下。请先删去不需要的，或合成一个 PDF 上传。"
    en = "At most {limit} files can be given as {material}; “{name}” was not taken. Remove one, or make one PDF."


class TooManyInCase(FileRefused):
    code = "EVIDENCE-MANY-CASE"
    zh = "一件申请最多上传 {limit} 个文件，“{name}”没有收下。请先删去不需要的，或合成一个 PDF 上传。"
    en = (
        "A case takes at most {limit} files; “{name}” was not taken. Remove one, or put several into one PDF."
    )


class TooManyAtOnce(FileRefused):
    code = "EVIDENCE-MANY-REQUEST"
    zh = "一次最多上传 {limit} 个文件，“{name}”没有收下。请分几次上传。"
    en = "At most {limit} files can be sent at a time; “{name}” was not taken. Send the rest afterwards."


class Busy(FileRefused):
    code = "EVIDENCE-BUSY"
    zh = "系统正在处理别人上传的文件，“{name}”暂时排不上。请过一分钟再上传。"
    en = "The system is busy with other people's files and could not take “{name}”. Try again in a minute."


class InvoiceCodeMissing(FileRefused):
    code = "EVIDENCE-INVOICE-NO-CODE"
    zh = "在“{name}”上没有找到二维码。请把发票二维码拍清楚后再试，或直接填写票据号码、日期和金额。"
    en = (
        "No two-dimensional code was found on “{name}”. Take a clearer photo, or type number, day and amount."
    )


class InvoiceCodeUnknown(FileRefused):
    code = "EVIDENCE-INVOICE-CODE"
    zh = "“{name}”上的二维码不是能读的税务发票二维码。请上传电子票据的 XML 文件，或直接填写票据号码、日期和金额。"
    en = (
        "The code on “{name}” is not that of a tax invoice. "
        "Upload the receipt's XML file, or type number, day and amount."
    )


class InvoicesSeveral(FileRefused):
    code = "EVIDENCE-INVOICE-SEVERAL"
    zh = "“{name}”里有 {count} 张不同的票据，分不清要哪一张。请每张票据单独上传。"
    en = "“{name}” holds {count} different invoices, and it is unclear which is meant. Upload each by itself."


class InvoiceXmlUnknown(FileRefused):
    code = "EVIDENCE-INVOICE-XML"
    zh = "“{name}”不是能读的电子票据 XML 文件。请上传开票方给的原文件，或直接填写票据号码、日期和金额。"
    en = (
        "“{name}” is no XML file of an invoice that can be read. "
        "Upload the issuer's original file, or type number, day and amount."
    )


class InvoiceFieldBad(FileRefused):
    code = "EVIDENCE-INVOICE-FIELD"
    zh = "“{name}”里的{field}“{text}”读不懂。请核对原票据，直接填写票据号码、日期和金额。"
    en = "The {field_en} “{text}” in “{name}” cannot be read. Check the original and type number, day and amount."


class SheetRefused(Refusal):
    """A table is not taken."""


class SheetUnreadable(SheetRefused):
    code = "EVIDENCE-SHEET"
    zh = "这个文件不是能读的表格。请用 Excel 或 WPS 另存为 .xlsx 或 .csv（逗号分隔）后再上传。"
    en = "This file is no table that can be read. Save it as .xlsx or .csv (with commas), then upload it."


class SheetTooLarge(SheetRefused):
    code = "EVIDENCE-SHEET-LARGE"
    zh = (
        "表格太大：最多 {rows} 行、{columns} 列，文件最多 {size}，展开后最多 {unpacked}。请分成几个表格上传。"
    )
    en = "The table is too large: at most {rows} rows, {columns} columns, {size}, and {unpacked} unpacked. Split it."


class ColumnsMissing(SheetRefused):
    code = "EVIDENCE-SHEET-COLUMNS"
    zh = "表格缺少这些列：{missing}。请下载模板，按模板的表头填写后再上传。"
    en = (
        "The table lacks these columns: {missing_en}. Use the headings of the template, then upload it again."
    )


class CellsBad(SheetRefused):
    code = "EVIDENCE-SHEET-CELLS"
    zh = "表格里有 {count} 处需要改正：{faults}。请改正后再上传。"
    en = "{count} cells of the table need correcting: {faults_en}. Correct them and upload it again."


class DescriptionMissing(Refusal):
    code = "EVIDENCE-DESCRIPTION"
    zh = "登记窗口出示的“{material}”须写明看到的是什么。请填写，例如：上海某医院门诊病历原件。"
    en = "To note the {material} shown at the window, say what was shown, for example: original medical record."


class AlreadyRemoved(Refusal):
    code = "EVIDENCE-REMOVED"
    zh = "这份“{material}”已经删去，不能再删。请刷新页面查看现有材料。"
    en = "This paper ({material}) has been removed already. Reload the page to see the papers that are there."


class NotOfThisCase(Refusal):
    code = "EVIDENCE-OTHER-CASE"
    zh = "这份“{material}”不是办件 {subject} 的材料。请刷新页面，从该办件的材料中选择。"
    en = "This paper ({material}) does not belong to case {subject}. Reload and choose among the papers of that case."


class NoFile(Refusal):
    code = "EVIDENCE-NO-FILE"
    zh = "这份“{material}”是在窗口出示的，没有留存文件。请看登记的说明。"
    en = "This paper ({material}) was shown at the window and no file was kept. Read the note about it."


class ContentLost(Refusal):
    code = "EVIDENCE-LOST"
    zh = "“{material}”的留存文件打不开：文件缺失、被改动，或数据密钥不符。请管理员核对 YIDI_EVIDENCE 与 YIDI_DATA_KEY。"
    en = (
        "The kept file of the {material} does not open: it is missing, was changed, or the data key is another one. "
        "Have the administrator check YIDI_EVIDENCE and YIDI_DATA_KEY."
    )


class CannotDecode(FileRefused):
    code = "EVIDENCE-DECODER"
    zh = "系统暂时无法处理上传的文件：解码程序没有启动成功。请稍后再试；管理员请核对内存与所装的图像库。"
    en = (
        "Uploads cannot be processed at the moment: the decoder did not start. Try again later; "
        "the administrator should check memory and the image libraries."
    )
