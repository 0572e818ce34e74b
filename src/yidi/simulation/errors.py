"""Why visits are not generated, settled or counted."""

from yidi.values.errors import Refusal


class PackageMissing(Refusal):
    code = "SIMULATION-PACKAGE"
    zh = "批量计算所需的软件包 {package} 尚未安装。请运行 pip install 'yidi[{extra}]'。"
    en = "The package {package}, which batches need, is not installed: pip install 'yidi[{extra}]'."


class NoVisits(Refusal):
    code = "SIMULATION-NO-VISITS"
    zh = "“{path}”不是就诊文件，其下也没有 .parquet 文件。请给出一个就诊文件，或存放就诊文件的文件夹。"
    en = "“{path}” is no file of visits, and no folder with .parquet files. Name a file of visits or their folder."


class BadFile(Refusal):
    code = "SIMULATION-FILE"
    zh = "不能读取就诊文件 {file}（{why}）。请核对它是否为完整的 Parquet 文件。"
    en = "The file of visits {file} cannot be read ({why}). Check that it is a whole Parquet file."


class MissingColumn(Refusal):
    code = "SIMULATION-COLUMN"
    zh = "就诊文件 {file} 缺少列 {column}。应有的列：{columns}。请补上后重试。"
    en = "The file of visits {file} has no column {column}. It needs {columns}. Add it and try again."


class ColumnTwice(Refusal):
    code = "SIMULATION-COLUMN-TWICE"
    zh = "就诊文件 {file} 有不止一个名为 {column} 的列，无法判断用哪一个。请只保留一个后重试。"
    en = "The file of visits {file} has more than one column {column}. Keep one of them and try again."


class WrongType(Refusal):
    code = "SIMULATION-TYPE"
    zh = "就诊文件 {file} 的列 {column} 是 {found}，应为 {wanted}。请转换后重试。"
    en = "The column {column} of the file of visits {file} is {found}; it must be {wanted}. Convert it and try again."


class BadVisit(Refusal):
    """A visit whose columns cannot be what they are."""

    code = "SIMULATION-VISIT"
    zh = "就诊文件 {file} 第 {row} 行的 {column} 不对（{value}）：{why}。请改正后重试。"
    en = "In the file of visits {file}, row {row}, {column} is wrong ({value}): {why_en}. Correct it and try again."


class NotSorted(Refusal):
    code = "SIMULATION-ORDER"
    zh = (
        "就诊文件 {file} 第 {row} 行不在应有的次序上。就诊须按 person、day、serial 由小到大排列，"
        "几个文件按文件名首尾相接。请排序后重试。"
    )
    en = (
        "In the file of visits {file}, row {row} is out of order. Visits come sorted by person, day and serial, "
        "one file after another by name. Sort them and try again."
    )


class UnfinishedVisits(Refusal):
    code = "SIMULATION-UNFINISHED"
    zh = "文件夹 {folder} 里还有未写完的就诊文件 {file}，不能只结算其余的。请等它写完；已中断的，请重新生成。"
    en = (
        "The folder {folder} has a file of visits that is not finished, {file}; the others alone are not settled. "
        "Wait until it is written; where that was cut short, generate the visits anew."
    )


class OutputTaken(Refusal):
    code = "SIMULATION-OUTPUT"
    zh = "输出文件夹 {folder} 不是空的文件夹。请换一个文件夹；要接着上次没有算完的继续，请加 --resume。"
    en = (
        "The output {folder} is no empty folder. Choose another; to go on with a run cut short, add --resume."
    )


class FolderTaken(Refusal):
    """Visits are never generated into a folder that holds something."""

    code = "SIMULATION-FOLDER"
    zh = "{folder} 不是空的文件夹，没有生成任何就诊。请用 --out 换一个文件夹，或先清空它。"
    en = "{folder} is no empty folder, and no visits were generated. Choose another with --out, or empty it first."


class FolderInUse(Refusal):
    code = "SIMULATION-IN-USE"
    zh = "另一个 yidi 正在写文件夹 {folder}。请等它结束，或换一个文件夹。"
    en = "Another yidi is writing to the folder {folder}. Wait for its end, or choose another folder."


class CannotWrite(Refusal):
    code = "SIMULATION-WRITE"
    zh = "不能写入文件夹 {folder}（{why}）。请换一个可写且空间足够的文件夹，或腾出空间；simulate 已经算完的部分仍在，可加 --resume 接着算。"
    en = (
        "The folder {folder} cannot be written to ({why_en}). Choose one that can, or make room; "
        "parts that simulate has completed are kept, and --resume goes on with them."
    )


class NothingToResume(Refusal):
    code = "SIMULATION-NO-RUN"
    zh = "文件夹 {folder} 里没有可以继续的计算（缺 {manifest}）。请去掉 --resume 重新开始。"
    en = "There is no run to go on with in {folder} ({manifest} is missing). Start anew without --resume."


class BadManifest(Refusal):
    code = "SIMULATION-MANIFEST"
    zh = "文件夹 {folder} 里的 {manifest} 已损坏，不能据此接着计算。请换一个文件夹，去掉 --resume 重新开始。"
    en = "{manifest} in {folder} is damaged: the run cannot go on. Start anew in another folder, without --resume."


class RunChanged(Refusal):
    code = "SIMULATION-CHANGED"
    zh = "不能接着上次的计算继续：{what}与上次不同。请恢复原样后再加 --resume，或换一个输出文件夹重新开始。"
    en = (
        "The run cannot go on: {what_en} changed since it began. Restore it and use --resume again, "
        "or start anew in another folder."
    )


class BadSize(Refusal):
    code = "SIMULATION-SIZE"
    zh = "不能按这样的规模生成就诊：{why}。请改正 --people 与 --visits。"
    en = "Visits of that size cannot be generated: {why_en}. Correct --people and --visits."


class NothingAnswered(Refusal):
    code = "SIMULATION-UNANSWERED"
    zh = "规则库在 {year} 年没有能够作答的统筹区，不能只生成可作答的就诊。请去掉 --answered-only，或加 --unverified。"
    en = "The rule book answers for no pool in {year}. Leave out --answered-only, or add --unverified."


class TallyFull(Refusal):
    """Amounts that whole numbers of 64 bits could not add up."""

    code = "TALLY-FULL"
    zh = "这批就诊的费用合计将超过 {most} 元，无法再精确累计。请分批计算，或核对费用的单位（应为分）。"
    en = (
        "These visits would bring the total to more than {most} yuan, which cannot be added up exactly. "
        "Count them in parts, or check the unit of the amounts (fen)."
    )


class TallyOfAnotherKind(Refusal):
    """A text or a tally that does not fit."""

    code = "TALLY-KIND"
    zh = "不能读入或合并这份汇总：{why}。请用同一版本、同样的规则重新计算。"
    en = "The tally cannot be read or merged: {why_en}. Compute it anew with one version and the same rules."
