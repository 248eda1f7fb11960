// What agents say of their hosts, in Chinese: the sensor, container runtimes, what can be done about containers.
import { phrasesOf } from '@guardcell/kit';

export const HOST_TEXTS: ReturnType<typeof phrasesOf> = phrasesOf({
  'the agent has not reported yet': '代理尚未上报',
  'no agent is connected; start one with `guardcell up`': '没有代理连接；请用 `guardcell up` 启动',
  'the agent has not reported since {0}; look at its log': '代理自 {0} 起没有上报；请查看其日志',
  'the sensor is starting': '传感器正在启动',
  'the sensor worker ended (code {0}) and is started again': '传感器进程已结束（代码 {0}），正在重新启动',
  'switched off with --no-sensor': '已用 --no-sensor 关闭',
  'the sensor runs on Linux x86-64, this is {0} {1}': '传感器可在 Linux x86-64 上运行，这里是 {0} {1}',
  'Everything but the sensor works here.': '除传感器外，其他功能在这里都可使用。',
  'kernel {0} is older than 5.8': '内核 {0} 早于 5.8',
  'Upgrade to a kernel with the BPF ring buffer (5.8 or later).':
    '请升级到带有 BPF 环形缓冲区的内核（5.8 或更新）。',
  'the sensor needs root': '传感器需要 root 权限',
  'Run it as root, or give it CAP_BPF, CAP_PERFMON and CAP_SYS_ADMIN as root of the host.':
    '请以 root 运行，或由主机的 root 授予 CAP_BPF、CAP_PERFMON 和 CAP_SYS_ADMIN。',
  'the kernel has no type information (BTF)': '内核没有类型信息（BTF）',
  'Use a kernel built with CONFIG_DEBUG_INFO_BTF=y; the distributions’ kernels since 2021 are.':
    '请使用以 CONFIG_DEBUG_INFO_BTF=y 构建的内核；2021 年以来各发行版的内核都是如此。',
  'the kernel refused the BPF programs (errno {0})': '内核拒绝了 BPF 程序（errno {0}）',
  'Something forbids bpf(): lockdown mode, seccomp, or a container without CAP_BPF and CAP_SYS_ADMIN.':
    'bpf() 被禁止：锁定模式、seccomp，或容器没有 CAP_BPF 和 CAP_SYS_ADMIN。',
  'Please report the kernel release and this number; `guardcell doctor` shows what works.':
    '请反馈内核版本和这个数字；`guardcell doctor` 可显示哪些功能可用。',
  'libbpf.so.1 cannot be loaded': '无法加载 libbpf.so.1',
  'Install it: apt-get install -y libbpf1': '请安装：apt-get install -y libbpf1',
  'the BPF object cannot be opened': '无法打开 BPF 对象文件',
  'Rebuild it with `guardcell build bpf` (errno {0}).': '请用 `guardcell build bpf` 重新构建（errno {0}）。',
  'Rebuild the object with `guardcell build bpf`.': '请用 `guardcell build bpf` 重新构建该对象文件。',
  'not a 64-bit little-endian ELF file': '不是 64 位小端 ELF 文件',
  'the ELF file is cut short': 'ELF 文件不完整',
  'the ELF file has no section {0}': 'ELF 文件没有节 {0}',
  'not a BTF section': '不是 BTF 节',
  'the BTF section is cut short': 'BTF 节不完整',
  'the ring buffer cannot be mapped': '无法映射环形缓冲区',
  'errno {0}; a smaller ring needs less memory.': 'errno {0}；更小的缓冲区所需内存更少。',
  '{0} cannot be attached': '无法挂接 {0}',
  'errno {0}; the kernel must allow BPF on raw tracepoints.':
    'errno {0}；内核必须允许在 raw tracepoint 上使用 BPF。',
  'mounting tracefs gave errno {0}': '挂载 tracefs 失败（errno {0}）',
  'tracefs has no system call events (CONFIG_FTRACE_SYSCALLS)':
    'tracefs 中没有系统调用事件（CONFIG_FTRACE_SYSCALLS）',
  'mount -t tracefs tracefs /sys/kernel/tracing': '请执行：mount -t tracefs tracefs /sys/kernel/tracing',
  // Container runtimes.
  'not tried yet': '尚未尝试',
  'there is no socket at {0}': '{0} 处没有套接字',
  'switched off': '已关闭',
  'not found; looked for {0}': '未找到；已查找 {0}',
  // What the agent can do.
  'Acts after the event: what the process did before stays done.': '在事件之后执行：进程此前所做的无法挽回。',
  'The kernel offers no pidfds (Linux 5.3): the pid is checked again right before the signal instead.':
    '内核不提供 pidfd（Linux 5.3）：改为在发送信号前再次核对 pid。',
  'No runtime is connected; processes are ended through the cgroup, and a supervisor may start them again.':
    '没有连接运行时；通过 cgroup 结束进程，监管程序可能会重新启动它们。',
  'Through {0}; falls back to ending every process of the cgroup.':
    '通过 {0}；必要时改为结束该 cgroup 的所有进程。',
  'Through {0}; falls back to the {1}.': '通过 {0}；必要时改用 {1}。',
  'Through {0}; no fallback: {1}.': '通过 {0}；没有备用方式：{1}。',
  'No runtime is connected that can pause; the {0} is used.': '没有可执行暂停的运行时；将使用 {0}。',
  'No runtime is connected that can resume; the {0} is used.': '没有可执行恢复的运行时；将使用 {0}。',
  'Neither a runtime nor the freezer works: {0}. Run Guardcell as root on the host.':
    '运行时和 freezer 都不可用：{0}。请在主机上以 root 运行 Guardcell。',
  'no cgroup freezer is mounted': '没有挂载 cgroup freezer',
  'Packets and frames are dropped inside the container’s network namespace.':
    '在容器的网络命名空间中丢弃数据包和帧。',
  'Packets are dropped; raw frames would need Linux 5.16 with netdev egress hooks.':
    '丢弃数据包；原始帧需要带有 netdev egress 钩子的 Linux 5.16。',
});
