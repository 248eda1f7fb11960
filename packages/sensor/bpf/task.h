/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Who did it: header of a record, process state, control group. */
#ifndef GC_TASK_H
#define GC_TASK_H

#define GC_OVERLAYFS_MAGIC 0x794c7630
#define GC_TMPFS_MAGIC 0x01021994
#define GC_CGROUP_LEVELS 12

static __always_inline bool is_excluded(struct gc_config *c)
{
	if (!c->excluded)
		return false;
	u32 pid = bpf_get_current_pid_tgid() >> 32;
	return bpf_map_lookup_elem(&excluded_pids, &pid) != NULL;
}

static __always_inline struct cgroup *cgroup_of(struct task_struct *task, struct gc_config *c)
{
	struct css_set *set = BPF_CORE_READ(task, cgroups);
	if (c->cgroup_v1 && bpf_core_enum_value_exists(enum cgroup_subsys_id, pids_cgrp_id)) {
		struct cgroup_subsys_state *css = NULL;
		u32 index = bpf_core_enum_value(enum cgroup_subsys_id, pids_cgrp_id);
		char *slots = (char *)set + bpf_core_field_offset(struct css_set, subsys);
		bpf_probe_read_kernel(&css, sizeof(css), slots + index * sizeof(void *));
		if (css)
			return BPF_CORE_READ(css, cgroup);
	}
	return BPF_CORE_READ(set, dfl_cgrp);
}

/* Names from the leaf to the root. */
static __always_inline void put_cgroup_names(struct gc_scratch *s, struct cgroup *cgroup)
{
	for (int i = 0; i < GC_CGROUP_LEVELS; i++) {
		if (!cgroup)
			break;
		u32 pos = position(s) & (GC_DATA_MAX * 2 - 1);
		if (pos > GC_DATA_MAX)
			break;
		const char *name = BPF_CORE_READ(cgroup, kn, name);
		long n = bpf_probe_read_kernel_str(&s->data[pos], 256, name);
		if (n > 0)
			grow(s, n);
		/* struct cgroup begins with its own css */
		cgroup = (struct cgroup *)BPF_CORE_READ(cgroup, self.parent);
	}
}

static __always_inline struct gc_scratch *begin(u32 kind)
{
	u32 zero = 0;
	struct gc_scratch *s = bpf_map_lookup_elem(&scratch, &zero);
	if (!s)
		return NULL;
	__builtin_memset(&s->h, 0, sizeof(s->h));
	*(volatile u32 *)&s->pos = 0;
	s->h.kind = kind;
	s->h.ts = bpf_ktime_get_boot_ns();
	s->h.cpu = bpf_get_smp_processor_id();
	return s;
}

/* Tells the reader the path of this control group before the first event that refers to it. */
static __noinline long announce_cgroup(u64 cgroup_address, u64 id, u32 kind)
{
	struct gc_scratch *s = begin(kind);
	if (!s)
		return 0;
	s->h.cgroup = id;
	close_slot(s, 0);
	put_cgroup_names(s, (struct cgroup *)cgroup_address);
	for (u32 slot = 1; slot < GC_SLOTS; slot++)
		close_slot(s, slot);
	if (emit(s))
		return -1;
	u8 yes = 1;
	bpf_map_update_elem(&known_cgroups, &id, &yes, BPF_ANY);
	return 0;
}

static __always_inline u32 pid_in_namespace(struct pid *pid)
{
	u32 level = BPF_CORE_READ(pid, level);
	struct upid number = {};
	/* struct upid has the same size as in the kernel; numbers[] is the last member */
	char *numbers = (char *)pid + bpf_core_field_offset(struct pid, numbers);
	if (level > 32)
		return 0;
	bpf_probe_read_kernel(&number, sizeof(number), numbers + level * sizeof(struct upid));
	return number.nr;
}

static __always_inline u32 pid_in_host(struct pid *pid)
{
	struct upid number = {};
	char *numbers = (char *)pid + bpf_core_field_offset(struct pid, numbers);
	bpf_probe_read_kernel(&number, sizeof(number), numbers);
	return number.nr;
}

/* Starts a record about the current task; NULL when it is excluded. State is kept of excluded processes too:
 * their children are not excluded and inherit from them. */
static __noinline struct gc_scratch *begin_task(u32 kind)
{
	struct gc_config *c = settings();
	if (!c)
		return NULL;
	if (kind != GC_KIND_FORK && kind != GC_KIND_EXEC && kind != GC_KIND_EXIT && is_excluded(c))
		return NULL;
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct cgroup *cgroup = cgroup_of(task, c);
	u64 cgroup_id = BPF_CORE_READ(cgroup, kn, id);
	if (!bpf_map_lookup_elem(&known_cgroups, &cgroup_id))
		announce_cgroup((u64)cgroup, cgroup_id, GC_KIND_CGROUP);
	struct gc_scratch *s = begin(kind);
	if (!s)
		return NULL;
	u64 id = bpf_get_current_pid_tgid();
	u64 user = bpf_get_current_uid_gid();
	s->h.cgroup = cgroup_id;
	s->h.pid = id >> 32;
	s->h.tid = (u32)id;
	s->h.uid = (u32)user;
	s->h.gid = user >> 32;
	bpf_get_current_comm(s->h.comm, sizeof(s->h.comm));
	struct task_struct *leader = BPF_CORE_READ(task, group_leader);
	s->h.leader_start = BPF_CORE_READ(leader, start_boottime);
	s->h.ppid = BPF_CORE_READ(task, real_parent, tgid);
	s->h.vtid = pid_in_namespace(BPF_CORE_READ(task, thread_pid));
	s->h.vpid = s->h.pid == s->h.tid ? s->h.vtid : pid_in_namespace(BPF_CORE_READ(leader, thread_pid));
	/* euid and egid are what access checks use */
	const struct cred *cred = BPF_CORE_READ(task, cred);
	s->h.uid = BPF_CORE_READ(cred, euid.val);
	s->h.gid = BPF_CORE_READ(cred, egid.val);
	return s;
}

static __always_inline u32 layer_of(struct inode *inode, struct dentry *dentry)
{
	unsigned long magic = BPF_CORE_READ(inode, i_sb, s_magic);
	if (magic == GC_OVERLAYFS_MAGIC) {
		/* overlayfs keeps the upper dentry directly behind the inode it embeds */
		void *upper = NULL;
		bpf_probe_read_kernel(&upper, sizeof(upper), (char *)inode + bpf_core_type_size(struct inode));
		return upper ? GC_LAYER_UPPER : GC_LAYER_LOWER;
	}
	if (magic == GC_TMPFS_MAGIC && dentry) {
		u64 name = 0;
		bpf_probe_read_kernel(&name, 6, BPF_CORE_READ(dentry, d_name.name));
		if (name == 0x3a64666d656dULL && BPF_CORE_READ(dentry, d_parent) == dentry) /* "memfd:" */
			return GC_LAYER_MEMFD;
	}
	return 0;
}

static __always_inline void read_times(struct gc_process *out, struct inode *inode)
{
	if (bpf_core_field_exists(inode->i_ctime_sec)) {
		out->exe_ctime_sec = BPF_CORE_READ(inode, i_ctime_sec);
		out->exe_ctime_nsec = BPF_CORE_READ(inode, i_ctime_nsec);
		out->exe_mtime_sec = BPF_CORE_READ(inode, i_mtime_sec);
		out->exe_mtime_nsec = BPF_CORE_READ(inode, i_mtime_nsec);
		return;
	}
	struct inode___5 *old = (struct inode___5 *)inode;
	if (bpf_core_field_exists(old->i_ctime)) {
		out->exe_ctime_sec = BPF_CORE_READ(old, i_ctime.tv_sec);
		out->exe_ctime_nsec = BPF_CORE_READ(old, i_ctime.tv_nsec);
	} else {
		struct inode___6_6 *middle = (struct inode___6_6 *)inode;
		if (bpf_core_field_exists(middle->__i_ctime)) {
			out->exe_ctime_sec = BPF_CORE_READ(middle, __i_ctime.tv_sec);
			out->exe_ctime_nsec = BPF_CORE_READ(middle, __i_ctime.tv_nsec);
		}
		if (bpf_core_field_exists(middle->__i_mtime)) {
			out->exe_mtime_sec = BPF_CORE_READ(middle, __i_mtime.tv_sec);
			out->exe_mtime_nsec = BPF_CORE_READ(middle, __i_mtime.tv_nsec);
			return;
		}
	}
	if (bpf_core_field_exists(old->i_mtime)) {
		out->exe_mtime_sec = BPF_CORE_READ(old, i_mtime.tv_sec);
		out->exe_mtime_nsec = BPF_CORE_READ(old, i_mtime.tv_nsec);
	}
}

/* Appends gc_process as slot 0; task is the current one or a child just made. */
static __noinline long put_process(struct gc_scratch *s, u64 task_address)
{
	struct task_struct *task = (struct task_struct *)task_address;
	if (!s || !task)
		return 0;
	struct gc_process *out = (struct gc_process *)s->data;
	__builtin_memset(out, 0, sizeof(*out));
	const struct cred *cred = BPF_CORE_READ(task, cred);
	out->cap_effective = BPF_CORE_READ(cred, cap_effective.val);
	out->cap_permitted = BPF_CORE_READ(cred, cap_permitted.val);
	out->cap_inheritable = BPF_CORE_READ(cred, cap_inheritable.val);
	out->login_uid = bpf_core_field_exists(task->loginuid) ? BPF_CORE_READ(task, loginuid.val) : (u32)-1;
	struct signal_struct *signal = BPF_CORE_READ(task, signal);
	struct pid *group = BPF_CORE_READ(signal, pids[2]);
	struct pid *session = BPF_CORE_READ(signal, pids[3]);
	out->pgid = pid_in_host(group);
	out->vpgid = pid_in_namespace(group);
	out->sid = pid_in_host(session);
	struct tty_struct *tty = BPF_CORE_READ(signal, tty);
	if (tty) {
		struct tty_driver *driver = BPF_CORE_READ(tty, driver);
		u32 minor = BPF_CORE_READ(driver, minor_start) + BPF_CORE_READ(tty, index);
		out->tty = ((u32)BPF_CORE_READ(driver, major) << 8) | (minor & 0xff) | ((minor & ~0xff) << 12);
	}
	struct pid *pid = BPF_CORE_READ(task, thread_pid);
	u32 level = BPF_CORE_READ(pid, level);
	if (level <= 32) {
		struct upid number = {};
		char *numbers = (char *)pid + bpf_core_field_offset(struct pid, numbers);
		bpf_probe_read_kernel(&number, sizeof(number), numbers + level * sizeof(struct upid));
		out->pid_ns = BPF_CORE_READ(number.ns, ns.inum);
		out->child_vtid = number.nr;
	}
	out->mnt_ns = BPF_CORE_READ(task, nsproxy, mnt_ns, ns.inum);
	out->child_tid = BPF_CORE_READ(task, pid);
	out->child_pid = BPF_CORE_READ(task, tgid);
	out->child_ppid = BPF_CORE_READ(task, real_parent, tgid);
	struct task_struct *leader = BPF_CORE_READ(task, group_leader);
	out->child_start = BPF_CORE_READ(leader, start_boottime);
	out->child_vpid = pid_in_namespace(BPF_CORE_READ(leader, thread_pid));
	struct file *exe = BPF_CORE_READ(task, mm, exe_file);
	if (exe) {
		struct inode *inode = BPF_CORE_READ(exe, f_inode);
		out->exe_inode = BPF_CORE_READ(inode, i_ino);
		out->exe_dev = BPF_CORE_READ(inode, i_sb, s_dev);
		out->exe_mode = BPF_CORE_READ(inode, i_mode);
		out->exe_uid = BPF_CORE_READ(inode, i_uid.val);
		out->exe_gid = BPF_CORE_READ(inode, i_gid.val);
		out->exe_layer = layer_of(inode, BPF_CORE_READ(exe, f_path.dentry));
		read_times(out, inode);
	}
	*(volatile u32 *)&s->pos = sizeof(*out);
	s->h.flags |= GC_FLAG_HAS_PROCESS;
	return 0;
}

/* Registers of the current system call; they still hold its arguments when it returns. */
static __always_inline struct pt_regs *user_regs(struct task_struct *task)
{
	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_task_pt_regs))
		return (struct pt_regs *)bpf_task_pt_regs((struct task_struct *)bpf_get_current_task_btf());
	return (struct pt_regs *)((char *)BPF_CORE_READ(task, stack) + 16384 - bpf_core_type_size(struct pt_regs));
}

static __always_inline u32 call_number(struct pt_regs *regs)
{
#if defined(__TARGET_ARCH_arm64)
	return BPF_CORE_READ(regs, syscallno);
#else
	return BPF_CORE_READ(regs, orig_ax);
#endif
}

static __always_inline u64 user_arg(struct pt_regs *regs, u32 index)
{
#if defined(__TARGET_ARCH_arm64)
	return index == 0 ? BPF_CORE_READ(regs, orig_x0) : index == 1 ? BPF_CORE_READ(regs, regs[1]) : BPF_CORE_READ(regs, regs[2]);
#else
	return index == 0 ? BPF_CORE_READ(regs, di) : index == 1 ? BPF_CORE_READ(regs, si) : BPF_CORE_READ(regs, dx);
#endif
}

/* Flags and descriptor of mmap. */
static __always_inline u32 map_flags(struct pt_regs *regs)
{
#if defined(__TARGET_ARCH_arm64)
	return BPF_CORE_READ(regs, regs[3]);
#else
	return BPF_CORE_READ(regs, r10);
#endif
}

static __always_inline u32 map_fd(struct pt_regs *regs)
{
#if defined(__TARGET_ARCH_arm64)
	return BPF_CORE_READ(regs, regs[4]);
#else
	return BPF_CORE_READ(regs, r8);
#endif
}

static __always_inline void read_args(struct gc_scratch *s, struct task_struct *task)
{
	struct pt_regs *regs = user_regs(task);
#if defined(__TARGET_ARCH_arm64)
	s->h.args[0] = BPF_CORE_READ(regs, orig_x0);
	s->h.args[1] = BPF_CORE_READ(regs, regs[1]);
	s->h.args[2] = BPF_CORE_READ(regs, regs[2]);
	s->h.args[3] = BPF_CORE_READ(regs, regs[3]);
	s->h.args[4] = BPF_CORE_READ(regs, regs[4]);
	s->h.args[5] = BPF_CORE_READ(regs, regs[5]);
#else
	s->h.args[0] = BPF_CORE_READ(regs, di);
	s->h.args[1] = BPF_CORE_READ(regs, si);
	s->h.args[2] = BPF_CORE_READ(regs, dx);
	s->h.args[3] = BPF_CORE_READ(regs, r10);
	s->h.args[4] = BPF_CORE_READ(regs, r8);
	s->h.args[5] = BPF_CORE_READ(regs, r9);
#endif
}

#endif
