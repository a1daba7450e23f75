"""A stand-in WeChat platform and a chat page, for development and tests.

It signs, encrypts and pushes as WeChat's server does, and answers under `/sandbox/api` what stands at
https://api.weixin.qq.com. It imports nothing of the product.
"""

from sandbox.accounts import Account
from sandbox.doors import blueprint
from sandbox.messages import Say
from sandbox.phones import Preset
from sandbox.platform import Platform
from sandbox.template_fields import Template
from sandbox.windows import Limits

__all__ = ["Account", "Limits", "Platform", "Preset", "Say", "Template", "blueprint"]
