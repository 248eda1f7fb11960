// Errors of images and their layers, in Chinese.
import type { Sentences } from '@guardcell/kit';
import type { RemarkTexts } from './remark-texts.ts';

const FILE_UNREADABLE = '无法读取该文件';

export const IMAGE_TEXTS: RemarkTexts = {
  GC_IMAGE_REFERENCE: {
    title: '镜像引用有误',
    messages: {
      'the archive has more than one image: say which': '归档中有多个镜像：请指明是哪一个',
      'the layout has more than one image: say which': '布局目录中有多个镜像：请指明是哪一个',
      'this is not a name of an image': '这不是镜像名称',
      'this is not an address of a registry': '这不是镜像仓库地址',
      'this is not a digest': '这不是摘要',
    },
  },
  GC_IMAGE_NOT_FOUND: {
    title: '找不到镜像',
    messages: {
      'the archive has no such image': '归档中没有该镜像',
      'the archive lacks the layer file {0}': '归档中缺少层文件 {0}',
      'the file is missing': '缺少该文件',
      'there is no such file': '没有该文件',
      'the file cannot be read': FILE_UNREADABLE,
      'the archive does not have this file': '归档中没有该文件',
      'containerd does not have this image in {0}': 'containerd 的 {0} 中没有该镜像',
      'containerd does not have this content': 'containerd 中没有该内容',
      'docker answers {0}: {1}': 'docker 返回 {0}：{1}',
      'docker does not have this image': 'docker 中没有该镜像',
      'the layout has no image': '布局目录中没有镜像',
      'the layout has no image {0}': '布局目录中没有镜像 {0}',
      'this is not an OCI image layout: it has no index.json': '这不是 OCI 镜像布局：没有 index.json',
      'the registry does not have this part': '镜像仓库中没有这一部分',
      'the registry does not have this list': '镜像仓库中没有该列表',
      'the registry does not have this image': '镜像仓库中没有该镜像',
      'the registry lists the tag, and does not have what it points to':
        '镜像仓库列出了该标签，却没有它所指向的内容',
    },
  },
  GC_IMAGE_DIGEST: {
    title: '内容与摘要不符',
    messages: {
      'the content has the digest {0}': '内容的摘要是 {0}',
      'more than the announced {0} bytes': '超过所声明的 {0} 字节',
      'only {0} of {1} bytes: the content was cut off': '共 {1} 字节，只收到 {0} 字节：内容被截断',
      'docker exported another image': 'docker 导出的是另一个镜像',
      'the registry has less than announced': '镜像仓库提供的内容少于其声明',
    },
  },
  GC_IMAGE_PLATFORM: {
    title: '平台不符',
    messages: {
      'the image is for {0}': '该镜像用于 {0}',
      'there is no image for {0}': '没有用于 {0} 的镜像',
      'a platform is written os/architecture or os/architecture/variant':
        '平台写作 os/architecture 或 os/architecture/variant',
    },
  },
  GC_IMAGE_MANIFEST: {
    title: '镜像清单有误',
    messages: {
      'manifest.json does not list images': 'manifest.json 没有列出镜像',
      'the archive lists {0} layers, the configuration {1}': '归档列出 {0} 层，配置列出 {1} 层',
      'the manifest lists {0} layers, the configuration {1}': '清单列出 {0} 层，配置列出 {1} 层',
      'a layer has no usable digest': '某层没有可用的摘要',
      'the image configuration is not one': '镜像配置无效',
      'the manifest has no usable digest': '清单没有可用的摘要',
      'indexes are nested deeper than {0}': '索引嵌套超过 {0} 层',
      'index.json is not an index': 'index.json 不是索引',
      'an entry has no usable digest or size': '某条目没有可用的摘要或大小',
      'the manifest is not a JSON object': '清单不是 JSON 对象',
      'the document is a manifest and an index at once': '该文档同时是清单和索引',
      'the document is neither a manifest nor an index': '该文档既不是清单也不是索引',
    },
  },
  GC_IMAGE_UNSUPPORTED: {
    title: '不支持的内容',
    messages: {
      'this is not a container image: {0}': '这不是容器镜像：{0}',
      'the image has a manifest of the old schema 1': '该镜像的清单为旧的 schema 1',
    },
  },
  GC_IMAGE_TOO_LARGE: {
    title: '镜像过大',
    messages: {
      'a layer of {0} bytes is not read': '不读取 {0} 字节的层',
      'a manifest of {0} bytes is not read': '不读取 {0} 字节的清单',
      'a configuration of {0} bytes is not read': '不读取 {0} 字节的配置',
      'the disk has no room for a temporary copy of the image': '磁盘没有空间存放镜像的临时副本',
      'a temporary copy of more than {0} bytes is not made': '不制作超过 {0} 字节的临时副本',
      'more than {0} bytes are not read': '最多读取 {0} 字节',
      'more than {0} layers are not read': '最多读取 {0} 层',
      'more than {0} entries are not read': '最多读取 {0} 个条目',
      'more than {0} referrers are not read': '最多读取 {0} 个引用对象',
      'more than {0} repositories are not read': '最多读取 {0} 个镜像库',
      'more than {0} tags are not read': '最多读取 {0} 个标签',
    },
  },
  GC_IMAGE_ARCHIVE: {
    title: '镜像归档有误',
    messages: {
      'the file cannot be read': FILE_UNREADABLE,
      'there is no such file': '没有该文件',
      'this is not a regular file': '这不是普通文件',
      'the image cannot be copied to a temporary file': '无法将镜像复制到临时文件',
      'the archive has neither manifest.json nor index.json: it is not an image':
        '归档中没有 manifest.json 或 index.json：这不是镜像',
    },
  },
  GC_IMAGE_FOREIGN_LAYER: {
    title: '外部层',
    messages: {
      'the layer is not part of the image: it names a foreign address':
        '该层不在镜像之内：它指向一个外部地址',
    },
  },
  GC_IMAGE_STORE: {
    title: '无法从容器运行时读取镜像',
    messages: {
      'there is no socket of containerd': '没有 containerd 的套接字',
      'containerd refuses: {0}': 'containerd 拒绝：{0}',
      '{0}/{1} is not described': '缺少 {0}/{1} 的描述',
      "docker's certificates cannot be read": '无法读取 docker 的证书',
      'this address of docker is not supported': '不支持这种 docker 地址',
      'docker does not answer': 'docker 没有响应',
      'docker answers {0}: {1}': 'docker 返回 {0}：{1}',
      'the image was closed already': '镜像已被关闭',
    },
  },
  GC_LAYER_TOO_LARGE: {
    title: '层过大',
    messages: {
      'the layer has more than {0} bytes uncompressed': '该层解压后超过 {0} 字节',
      'the layer unpacks to more than {0} times its size; that is how bombs are made':
        '该层解压后超过自身大小的 {0} 倍，疑似压缩炸弹',
    },
  },
  GC_LAYER_TOO_MANY_ENTRIES: {
    title: '条目过多',
    messages: {
      'the layer has more than {0} entries': '该层的条目超过 {0} 个',
      'the tree has more than {0} entries': '该目录树的条目超过 {0} 个',
    },
  },
  GC_LAYER_TOO_MANY_FINDINGS: {
    title: '结果过多',
    messages: {
      'more package files than can be kept in memory': '软件包文件过多，内存无法容纳',
      'the layers of the image hold more together than can be kept in memory':
        '镜像各层的内容合计过多，内存无法容纳',
    },
  },
  GC_LAYER_MALFORMED: {
    title: '层的格式有误',
    messages: {
      'the tar archive has a header with a wrong checksum or size': 'tar 归档中有校验和或大小错误的头部',
      'an extended header has {0} bytes': '某扩展头部有 {0} 字节',
      'a sparse file has too many pieces': '某稀疏文件的分段过多',
      'an extended header states a size that is no number': '某扩展头部声明的大小不是数字',
    },
  },
  GC_LAYER_TRUNCATED: {
    title: '层不完整',
    messages: {
      'the compressed layer is damaged or cut off': '压缩的层已损坏或被截断',
      'the tar archive ends within an entry': 'tar 归档在条目中间结束',
    },
  },
  GC_LAYER_DIGEST: {
    title: '层与摘要不符',
    messages: {
      "the layer's content is not what the image names: {0}": '层的内容与镜像所声明的不符：{0}',
    },
  },
  GC_LAYER_UNREADABLE: { title: '无法读取该层' },
  GC_TREE_UNREADABLE: {
    title: '无法读取目录',
    messages: {
      'the folder cannot be read ({0})': '无法读取该目录（{0}）',
      'there is no folder that can be read ({0})': '没有可读取的目录（{0}）',
    },
  },
  GC_TARGET_NOT_FOUND: {
    title: '找不到扫描目标',
    messages: {
      'no image of the registry is selected': '没有选中镜像仓库中的任何镜像',
      'no such container runs on this host': '该主机上没有运行此容器',
      'there is no folder that can be read': '没有可读取的目录',
      'there is no folder that can be read ({0})': '没有可读取的目录（{0}）',
      'the file cannot be read ({0})': '无法读取该文件（{0}）',
    },
  },
  GC_NO_TEMPORARY_SPACE: {
    title: '临时空间不足',
    messages: {
      'no room in {0} for a temporary copy ({1}); TMPDIR names another folder':
        '{0} 没有空间存放临时副本（{1}）；可用 TMPDIR 指定其他目录',
      'no room in {0} for a temporary copy; TMPDIR names another folder':
        '{0} 没有空间存放临时副本；可用 TMPDIR 指定其他目录',
    },
  },
};

export const IMAGE_HINTS: Sentences = {
  'Look at the prefix, --repositories, --exclude and --tags.':
    '请检查前缀、--repositories、--exclude 和 --tags。',
  'It has: {0}.': '其中有：{0}。',
  'containerd may discard layers once they are unpacked; pull the image again, or read it from its registry.':
    'containerd 可能在解压后丢弃各层；请重新拉取镜像，或从其镜像仓库读取。',
  'See docker images, or leave out docker: to ask the registry.':
    '请查看 docker images，或去掉 docker: 以查询镜像仓库。',
  'The index lists no image.': '索引没有列出镜像。',
  'For example linux/amd64 or linux/arm/v7.': '例如 linux/amd64 或 linux/arm/v7。',
  'Write [host[:port]/]repository[:tag|@digest], or docker:, docker-archive:, oci:, oci-archive:, containerd: before a local one.':
    '请写作 [host[:port]/]repository[:tag|@digest]；本地镜像前加 docker:、docker-archive:、oci:、oci-archive: 或 containerd:。',
  'The content was damaged on the way or replaced; nothing of it is used.':
    '内容在传输中损坏或被替换；其中任何部分都不会采用。',
  'Foreign layers are never fetched; what they hold is not looked at.': '外部层从不下载，其内容未作检查。',
  'Set CONTAINERD_ADDRESS to its path.': '请将 CONTAINERD_ADDRESS 设为其路径。',
  'Is containerd running, and may this user use its socket?':
    'containerd 是否在运行，当前用户是否有权使用其套接字？',
  'Set DOCKER_HOST to unix:///path or tcp://host:port; for ssh, forward the socket first.':
    '请将 DOCKER_HOST 设为 unix:///path 或 tcp://host:port；使用 ssh 时请先转发套接字。',
  'Is dockerd running, and may this user use its socket?':
    'dockerd 是否在运行，当前用户是否有权使用其套接字？',
  'Free some space in {0}, or set TMPDIR to a folder on a larger disk.':
    '请在 {0} 释放空间，或将 TMPDIR 设为更大磁盘上的目录。',
  'Push the image again with a current docker, podman or skopeo.':
    '请用新版的 docker、podman 或 skopeo 重新推送该镜像。',
};
