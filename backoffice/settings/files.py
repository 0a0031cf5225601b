"""Files: how large, how many, and where their bytes are."""

from pathlib import Path
from typing import Any

from environs import Env

env = Env()

MEBIBYTE = 1024 * 1024
FILES_MAX_BYTES = env.int("FILES_MAX_MB", 20) * MEBIBYTE
FILES_MOST_PER_RECORD = env.int("FILES_MOST_PER_RECORD", 200)
FILES_REMOVED_DAYS = env.int("FILES_REMOVED_DAYS", 30)
JOB_RESULT_DAYS = env.int("JOB_RESULT_DAYS", 7)

# A request that announces more is refused before its body is read.
FILES_REQUEST_BYTES = FILES_MAX_BYTES + MEBIBYTE
FILE_UPLOAD_HANDLERS = [
    "backoffice.files.uploads.RefuseTooLarge",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]


def files_storage(default: Path) -> dict[str, Any]:
    """The storage of files: S3 when FILES_S3_BUCKET names a bucket, else the folder FILES_ROOT."""
    bucket = env.str("FILES_S3_BUCKET", "")
    if not bucket:
        location = env.str("FILES_ROOT", "") or str(default)
        options = {
            "location": location,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        }
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": env.str("FILES_S3_ENDPOINT", "") or None,
            "region_name": env.str("FILES_S3_REGION", "") or None,
            "access_key": env.str("FILES_S3_ACCESS_KEY", "") or None,
            "secret_key": env.str("FILES_S3_SECRET_KEY", "") or None,
            "addressing_style": env.str("FILES_S3_ADDRESSING", "auto"),
            "signature_version": "s3v4",
            "default_acl": None,
            "querystring_auth": True,
            "file_overwrite": False,
            "location": env.str("FILES_S3_PREFIX", ""),
        },
    }
