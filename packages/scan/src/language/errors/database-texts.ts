// Errors of the vulnerability database and its feeds, in Chinese.
import type { Sentences } from '@guardcell/kit';
import type { RemarkTexts } from './remark-texts.ts';

export const DATABASE_TEXTS: RemarkTexts = {
  GC_DB_STALE: {
    title: '漏洞数据过旧',
    messages: {
      'the vulnerability data is of {0}, more than {1} days old': '漏洞数据的日期为 {0}，已超过 {1} 天',
    },
  },
  GC_DB_WRITE: {
    title: '数据库无法写入',
    messages: { 'the folder of the database cannot be written': '数据库所在目录无法写入' },
  },
  GC_DB_BUILD: {
    title: '无法构建漏洞数据库',
    messages: { 'no feed could be read{0}': '没有可读取的数据源{0}' },
  },
  GC_DB_DELTA: {
    title: '增量数据不可用',
    messages: { 'the delta is damaged or made for another file': '增量文件已损坏，或不是为此数据库制作的' },
  },
  GC_DB_DIGEST: {
    title: '数据与摘要不符',
    messages: {
      'the unpacked database does not have the digest that the manifest names':
        '解压后的数据库与清单所列摘要不符',
      '{0} does not have the digest that the manifest names': '{0} 与清单所列摘要不符',
    },
  },
  GC_DB_DOWNLOAD: {
    title: '下载失败',
    messages: { 'the file that should name the newest data does not': '应当指明最新数据的文件没有指明' },
  },
  GC_DB_FEEDS_FOLDER: {
    title: '无法读取数据源目录',
    messages: { 'the folder of feeds cannot be listed': '无法列出数据源目录' },
  },
  GC_DB_IMPORT: {
    title: '无法导入漏洞数据库',
    messages: { 'there is no such file or folder': '没有该文件或目录', '{0} cannot be read': '无法读取 {0}' },
  },
  GC_DB_INVALID: {
    title: '漏洞数据库无效',
    messages: {
      'the vulnerability data that ships with Guardcell cannot be unpacked':
        '无法解压 Guardcell 自带的漏洞数据',
      'the vulnerability database is damaged': '漏洞数据库已损坏',
      'the packed database is damaged': '打包的数据库已损坏',
    },
  },
  GC_DB_KEY: {
    title: '密钥不可用',
    messages: {
      'the signing key is no Ed25519 private key in PEM': '签名密钥不是 PEM 格式的 Ed25519 私钥',
      'a trusted key is no public key in PEM': '某受信任的密钥不是 PEM 格式的公钥',
    },
  },
  GC_DB_MANIFEST: {
    title: '镜像站的清单有误',
    messages: { 'the offered database is too large': '所提供的数据库过大' },
  },
  GC_DB_MIRRORS: {
    title: '没有可用的镜像站',
    messages: {
      'no mirror is configured': '未配置镜像站',
      'none of {0} mirrors works': '{0} 个镜像站均不可用',
    },
  },
  GC_DB_MISSING: {
    title: '没有漏洞数据库',
    messages: {
      'there is no vulnerability database': '没有漏洞数据库',
      'there is no vulnerability database: packages were listed but not judged':
        '没有漏洞数据库：软件包已列出，但未作判断',
    },
  },
  GC_DB_SCHEMA: {
    title: '漏洞数据库的版本不符',
    messages: {
      'the vulnerability database has layout {0}, this program reads {1}':
        '漏洞数据库的结构版本为 {0}，本程序可读 {1}',
      'the mirror offers layout {0}, this program reads {1}': '镜像站提供的结构版本为 {0}，本程序可读 {1}',
    },
  },
  GC_DB_SIGNATURE: {
    title: '签名不可信',
    messages: {
      'the vulnerability database is not signed': '漏洞数据库没有签名',
      'no trusted key made the signature of the database': '数据库的签名不是由受信任的密钥所作',
    },
  },
  GC_DB_SLOW: {
    title: '服务器发送过慢',
    messages: { 'the server sends too slowly to go on': '服务器发送过慢，无法继续' },
  },
  GC_FEED_EMPTY: {
    title: '数据源为空',
    messages: { 'none of the records could be used': '没有可用的记录' },
  },
  GC_FEED_SYNTAX: {
    title: '数据源格式有误',
    messages: {
      'a line is longer than {0} bytes': '某行超过 {0} 字节',
      'the document is larger than {0} bytes': '文档超过 {0} 字节',
      'the document is not well-formed': '文档格式不正确',
      'the file is empty': '文件为空',
    },
  },
  GC_FEED_TAR: { title: '数据源的归档有误' },
  GC_FEED_ZIP: { title: '数据源的归档有误' },
  GC_FEED_UNPACK: {
    title: '数据源无法解压',
    messages: {
      'the file unpacks to more than {0} bytes': '文件解压后超过 {0} 字节',
      'the file is damaged or cut off': '文件已损坏或被截断',
    },
  },
};

export const DATABASE_HINTS: Sentences = {
  'Run guardcell db update.': '请运行 guardcell db update。',
  'Run guardcell db update, or guardcell db build --feeds DIR.':
    '请运行 guardcell db update 或 guardcell db build --feeds DIR。',
  'Run guardcell db update, or leave vulnerabilities out with --only.':
    '请运行 guardcell db update，或用 --only 略去漏洞。',
  'Files of feeds are named after them (debian.json, osv-npm.zip …); `guardcell db status` lists the names.':
    '数据源的文件以其名称命名（debian.json、osv-npm.zip …）；`guardcell db status` 可列出这些名称。',
  'Fetch or build it again: guardcell db update.': '请重新获取或构建：guardcell db update。',
  'Update Guardcell, or build the database with this version: guardcell db update --from-feeds.':
    '请更新 Guardcell，或用此版本构建数据库：guardcell db update --from-feeds。',
  'Update Guardcell.': '请更新 Guardcell。',
  'Is there space, and may this user write to the data folder?':
    '空间是否足够，当前用户是否有权写入数据目录？',
  'Fetch the file again.': '请重新获取该文件。',
  'Fetch the archive again.': '请重新获取该归档。',
  'Fetch the whole database instead.': '请改为获取完整的数据库。',
  'Check the address, the network and the proxy settings (HTTPS_PROXY, NO_PROXY), then try again.':
    '请检查地址、网络和代理设置（HTTPS_PROXY、NO_PROXY），然后重试。',
  'Less than {0} bytes a second came; try again when the connection is better, or another mirror.':
    '每秒收到不足 {0} 字节；请在连接改善后重试，或换用其他镜像站。',
  'Check the address of the mirror.': '请检查镜像站的地址。',
  'Name one with --mirror URL, or build from the public feeds with --from-feeds.':
    '请用 --mirror URL 指定镜像站，或用 --from-feeds 从公开数据源构建。',
  'The mirror is damaged or being updated; try again later or use another one.':
    '镜像站已损坏或正在更新；请稍后重试，或换用其他镜像站。',
  'Take the database from its publisher, or check which keys are trusted.':
    '请从发布者处获取数据库，或检查受信任的密钥。',
  'Make one: openssl genpkey -algorithm ed25519 -out key.pem.':
    '可用此命令生成：openssl genpkey -algorithm ed25519 -out key.pem。',
};
