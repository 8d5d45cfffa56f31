"""Why the operating system refuses a file, in Chinese."""

import errno

_REASONS = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.ENOENT: "路径不存在",
    errno.EEXIST: "同名的文件已存在",
    errno.ENOTDIR: "路径中有一处是文件，不是文件夹",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.ENOSPC: "磁盘已满",
    errno.EROFS: "磁盘是只读的",
    errno.ENAMETOOLONG: "名称太长",
    errno.EBUSY: "正被别的程序占用",
    errno.EIO: "磁盘读写出错",
}


def reason(error: OSError) -> str:
    """Say why; `strerror` is English, or the language of the server."""
    return _REASONS.get(error.errno or 0, f"系统错误 {error.errno or ''}".rstrip())
