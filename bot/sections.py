"""The settings by section: key, default, what is a valid value, and what it is for."""

import re
import ssl
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr


def is_loopback(url: str) -> bool:
    """Whether a URL points at this very machine."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _base(url: str) -> str:
    if url and (urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname):
        raise ValueError("要写成 http:// 或 https:// 开头的完整地址")
    return url.rstrip("/")


def _database(url: str) -> str:
    if url and not (_is_file(url) or _is_server(url)):
        raise ValueError("要写成 sqlite:///路径 或 postgresql+psycopg://用户:密码@主机/库名")
    return url


def _is_file(url: str) -> bool:
    return url.startswith("sqlite:///") and bool(url.removeprefix("sqlite:///"))


def _is_server(url: str) -> bool:
    """A port that is no number and a bracket left open are found when they are looked at."""
    with suppress(ValueError):
        return urlsplit(url).scheme == "postgresql+psycopg" and urlsplit(url).port != 0
    return False


def _certificates(file: Path | None) -> Path | None:
    if file is not None:
        try:
            ssl.create_default_context(cafile=file)
        except OSError:
            raise ValueError("读不出证书：请确认文件存在、可读，内容是 PEM 格式的证书") from None
    return file


def _token(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9]{0,32}", value.get_secret_value()):
        raise ValueError("最多 32 个英文字母或数字，请从企业微信后台“接收消息”页原样复制")
    return value


def _aes_key(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"([A-Za-z0-9]{43})?", value.get_secret_value()):
        raise ValueError("应是 43 个英文字母或数字，请从企业微信后台“接收消息”页原样复制")
    return value


Url = Annotated[str, AfterValidator(_base)]
Port = Annotated[int, Field(ge=0, le=65535)]
Count = Annotated[int, Field(ge=1)]
CLOUD_NEEDS = ("secret_id", "secret_key", "sign_name", "template_id")


class Section(BaseModel):
    """One part of the settings; a key that is not listed is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Database(Section):
    """Where rows live."""

    url: Annotated[str, AfterValidator(_database)] = Field(
        "", description="数据库地址。留空用状态目录里的 rmbot.db；多台机器用 postgresql+psycopg://用户:密码@主机/库名"
    )


class Http(Section):
    """What listens where."""

    host: str = Field("127.0.0.1", description="对外端口监听的地址（回调、手机页面、域名校验文件）")
    port: Port = Field(8780, description="对外端口")
    admin_host: str = Field("127.0.0.1", description="管理端口监听的地址（控制台、接口、指标、健康检查）")
    admin_port: Port = Field(8781, description="管理端口")
    public_url: Url = Field(
        "", description="员工手机访问本服务的地址，如 https://rm.example.com；留空用对外端口的本机地址"
    )


class Wecom(Section):
    """The application as registered with WeCom."""

    api_base: Url = Field("https://qyapi.weixin.qq.com", description="企业微信接口地址；私有化部署或模拟器时改它")
    oauth_base: Url = Field("https://open.weixin.qq.com", description="网页授权地址")
    login_base: Url = Field("https://login.work.weixin.qq.com", description="扫码登录地址")
    corp_id: str = Field("", description="企业 ID（后台“我的企业”页）")
    agent_id: int = Field(0, ge=0, description="应用的 AgentId")
    secret: SecretStr = Field(SecretStr(""), description="应用的 Secret")
    token: Annotated[SecretStr, AfterValidator(_token)] = Field(SecretStr(""), description="接收消息的 Token")
    aes_key: Annotated[SecretStr, AfterValidator(_aes_key)] = Field(
        SecretStr(""), description="接收消息的 EncodingAESKey，43 个字母或数字"
    )
    proxy: Url = Field("", description="访问企业微信要经过的代理，如 http://10.0.0.8:3128；留空直连")
    ca_file: Annotated[Path | None, AfterValidator(_certificates)] = Field(
        None, description="私有证书机构的证书文件；留空用系统自带的"
    )


class Sms(Section):
    """How a short message leaves when WeCom is not enough."""

    provider: Literal["log", "http", "tencent", "aliyun"] = Field(
        "log", description="短信通道：log 只记一笔日志，http 交给行内短信网关，tencent 腾讯云，aliyun 阿里云"
    )
    url: Url = Field(
        "", description="http 通道的网关地址，必填，收到 POST {id, mobile, text}；tencent、aliyun 留空用官方地址"
    )
    secret_id: str = Field("", description="腾讯云 SecretId 或阿里云 AccessKeyId")
    secret_key: SecretStr = Field(SecretStr(""), description="腾讯云 SecretKey 或阿里云 AccessKeySecret")
    app_id: str = Field("", description="腾讯云短信应用的 SdkAppId；阿里云不用")
    sign_name: str = Field("", description="审核通过的短信签名")
    template_id: str = Field(
        "",
        description="审核通过的模板：腾讯云的数字 ID，变量 {1} 案件号、{2} 级别；"
        "阿里云的 SMS_…，变量 ${number} 案件号、${level} 级别",
    )
    code_template_id: str = Field(
        "",
        description="看明文的短信验证码用的模板，只有一个变量：腾讯云 {1}，阿里云 ${code}；留空就不提供短信验证码（http 通道不用设）",
    )
    region: str = Field("ap-guangzhou", description="腾讯云短信的地域；阿里云不用")
    proxy: Url = Field("", description="访问短信通道要经过的代理；留空直连")
    ca_file: Path | None = Field(None, description="私有证书机构的证书文件；留空用系统自带的")

    @property
    def sends_codes(self) -> bool:
        """Whether a code would reach somebody: a log reaches nobody, a cloud needs a template for it."""
        return self.provider == "http" or (self.provider != "log" and bool(self.code_template_id))

    @property
    def lacking(self) -> list[str]:
        """The keys that this provider cannot do without and that are not set."""
        needed = {"http": ("url",), "tencent": (*CLOUD_NEEDS, "app_id"), "aliyun": CLOUD_NEEDS}
        values = {**self.model_dump(), "secret_key": self.secret_key.get_secret_value()}
        return [key for key in needed.get(self.provider, ()) if not values[key]]


class Crypto(Section):
    """What protects stored personal data."""

    key_file: Path | None = Field(
        None, description="密钥文件。留空用状态目录里的 rmbot.key，没有时自动生成（权限 0600）；务必另行备份"
    )
    suite: Literal["intl", "gm"] = Field(
        "intl",
        description="算法：intl 为 AES-256-GCM 与 SHA-256，gm 为国密 SM4-GCM 与 SM3；已有数据的库改了它之后要执行 rmbot keys rotate",
    )


class Audit(Section):
    """How the audit trail is kept provable."""

    key_file: Path | None = Field(
        None,
        description="给检查点和导出签名的密钥文件。留空用状态目录里的 rmbot-audit.key，没有时自动生成（权限 0600）",
    )
    checkpoints: Path | None = Field(
        None,
        description="检查点文件，只追加，每行一个。留空用状态目录里的 audit-checkpoints.ndjson；"
        "应指向别的机器或只能追加的存储上的路径",
    )
    tell_post: str = Field("", description="每夜把检查点的短摘要发给哪个岗位，如 合规岗；留空不发")


class Clock(Section):
    """The movable business clock of demo and tests."""

    url: Url = Field("", description="可调的业务时钟地址，仅演示和测试用；接口地址不是本机时拒绝")


class Channel(Section):
    """How much of a customer a WeCom message may show at most."""

    share: Literal["full_name", "masked", "reference"] = Field(
        "full_name", description="企业微信里最多露出什么：full_name 全名，masked 打码姓名，reference 只有编号"
    )


class Care(Section):
    """What the bot does of itself every morning."""

    enabled: bool = Field(
        True, description="主动关怀：每个工作日上班时找出要联系的客户、发当天的提醒；数据核对好之前可以先关掉"
    )


class View(Section):
    """What the 360° view looks at."""

    fonts: Path | None = Field(None, description="画图只用这个目录里的字体（要有中文）；留空用系统装的")
    trail: bool = Field(
        False,
        description="行为轨迹：在客户视图里显示手机银行和网站的访问记录。须先取得客户同意并完成个人信息影响评估；"
        "网点 Wi-Fi 采集的数据一律不用",
    )


class Log(Section):
    """What the operator reads."""

    level: Literal["debug", "info", "warning", "error"] = Field("info", description="日志级别")
    format: Literal["json", "text"] = Field("text", description="日志格式：json 便于采集，text 便于人看")


class Limits(Section):
    """How much WeCom carries to one member."""

    member_per_minute: Count = Field(30, description="每人每分钟最多收几条消息（企业微信上限 30，超出的会被悄悄丢弃）")
    member_per_hour: Count = Field(1_000, description="每人每小时最多收几条消息（企业微信上限 1000）")
    lookups_per_second: Count = Field(5, description="夜间核对成员每秒查几位（企业微信每分钟限频的约十分之一）")
    interactive_reserve: int = Field(10, ge=0, description="每分钟额度里只留给即时答复的条数")


class Api(Section):
    """The interface for other systems of the bank."""

    per_minute: Count = Field(600, description="每个密钥每分钟最多几个请求，超出的回 429；几个副本合起来算")
    max_body_mb: Count = Field(512, description="一次整批导入的内容最大多少 MB，超出的回 413")
    body_seconds: Annotated[float, Field(gt=0)] = Field(600.0, description="一个请求的内容最多几秒发完，超时的回 408")
