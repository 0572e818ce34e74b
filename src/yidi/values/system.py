"""What the operating system says when a file cannot be used, in Chinese."""

import errno

_REASONS = {
    errno.ENOENT: "不存在",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EISDIR: "是文件夹，不是文件",
    errno.ENOTDIR: "上级不是文件夹",
    errno.EEXIST: "已经存在",
    errno.ENOSPC: "磁盘已满",
    errno.EROFS: "磁盘只读",
}


def reason(error: OSError) -> str:
    """Why a file cannot be used; the system's own words where they are not in the table.

    >>> reason(FileNotFoundError(2, "No such file or directory"))
    '不存在'
    """
    return _REASONS.get(error.errno or 0) or error.strerror or "原因不详"
