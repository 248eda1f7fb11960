/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* exec, fork, exit and control groups: what process state is made of. */
#ifndef GC_PROCESS_H
#define GC_PROCESS_H

#define GC_ARGUMENTS 24
#define GC_NR_CLONE3 435

/* Each hook exists twice: typed (tp_btf), and raw for kernels that refuse the first; the reader loads one of them. */
#define GC_HOOK(tracepoint, name, argument, ...)                                                                                \
	SEC("tp_btf/" #tracepoint)                                                                                              \
	int BPF_PROG(name, __VA_ARGS__) { return on_##name(argument); }                                                         \
	SEC("?raw_tp/" #tracepoint)                                                                                             \
	int BPF_PROG(name##_raw, __VA_ARGS__) { return on_##name(argument); }

static __always_inline int on_gc_exec(struct linux_binprm *bprm)
{
	struct gc_config *c = settings();
	struct gc_path_scratch *path = path_space();
	struct gc_scratch *s = begin_task(GC_KIND_EXEC);
	if (!s || !c || !path)
		return 0;
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct pt_regs *regs = user_regs(task);
	s->h.nr = call_number(regs);
#if !defined(__TARGET_ARCH_arm64)
	/* CS 0x23: the new program runs 32-bit code, so its system calls pass the 32-bit table */
	if ((BPF_CORE_READ(regs, cs) & 0xffff) == 0x23)
		s->h.flags |= GC_FLAG_COMPAT;
#endif
	put_process(s, (u64)task);
	close_slot(s, 0);
	struct mm_struct *mm = BPF_CORE_READ(task, mm);
	struct file *exe = BPF_CORE_READ(mm, exe_file);
	walk_path(path, (u64)BPF_CORE_READ(exe, f_path.mnt), (u64)BPF_CORE_READ(exe, f_path.dentry));
	put_walked(s, path);
	if (path->state & GC_PATH_DELETED)
		s->h.flags |= GC_FLAG_FD_DELETED;
	if (path->state & GC_PATH_DETACHED)
		s->h.flags |= GC_FLAG_FD_DETACHED;
	close_slot(s, 1);
	u64 start = BPF_CORE_READ(mm, arg_start);
	u64 end = BPF_CORE_READ(mm, arg_end);
	if (end > start)
		put_user_bytes(s, start, end - start > 0xffff ? 0xffff : end - start);
	close_slot(s, 2);
	put_cwd(s);
	close_slot(s, 3);
	put_kernel_text(s, (u64)BPF_CORE_READ(bprm, filename));
	close_slot(s, 4);
	u32 env = c->env_max;
	if (env) {
		start = BPF_CORE_READ(mm, env_start);
		end = BPF_CORE_READ(mm, env_end);
		if (end > start)
			put_user_bytes(s, start, end - start > env ? env : end - start);
	}
	close_slot(s, 5);
	close_slot(s, 6);
	close_slot(s, 7);
	if (emit(s))
		lose_touch(s->h.cgroup);
	return 0;
}

GC_HOOK(sched_process_exec, gc_exec, bprm, struct task_struct *p, s32 old_pid, struct linux_binprm *bprm)

/* A failed exec leaves the caller's memory as it was, so the arguments are still there. */
SEC("tracepoint")
int gc_exec_failed(struct gc_exit_context *ctx)
{
	u32 nr = ctx->nr;
	if (ctx->ret >= 0 || is_off(bpf_map_lookup_elem(&specs, &nr), ctx))
		return 0;
	struct gc_scratch *s = begin_task(GC_KIND_EXEC_FAILED);
	if (!s)
		return 0;
	s->h.nr = ctx->nr;
	s->h.ret = ctx->ret;
	read_args(s, (struct task_struct *)bpf_get_current_task());
	u32 at = ctx->nr == 322 || ctx->nr == 281;
	u64 list = at ? s->h.args[2] : s->h.args[1];
	close_slot(s, 0);
	close_slot(s, 1);
	for (u32 i = 0; i < GC_ARGUMENTS; i++) {
		u64 text = 0;
		if (bpf_probe_read_user(&text, 8, (const void *)(list + i * 8)) || !text)
			break;
		u32 pos = position(s) & (GC_DATA_MAX * 2 - 1);
		if (pos > GC_STRING_MAX)
			break;
		long n = bpf_probe_read_user_str(&s->data[pos], 1024, (const void *)text);
		if (n > 0)
			grow(s, n);
	}
	close_slot(s, 2);
	put_cwd(s);
	close_slot(s, 3);
	put_user_text(s, at ? s->h.args[1] : s->h.args[0]);
	for (u32 slot = 4; slot < GC_SLOTS; slot++)
		close_slot(s, slot);
	emit(s);
	return 0;
}

static __always_inline int on_gc_fork(struct task_struct *child)
{
	struct gc_scratch *s = begin_task(GC_KIND_FORK);
	if (!s)
		return 0;
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	put_process(s, (u64)child);
	struct gc_process *out = (struct gc_process *)s->data;
	s->h.ret = out->child_tid;
	read_args(s, task);
	struct pt_regs *regs = user_regs(task);
	s->h.nr = call_number(regs);
	if (s->h.nr == GC_NR_CLONE3) {
		/* struct clone_args begins with the flags */
		u64 list = s->h.args[0];
		bpf_probe_read_user(&s->h.args[0], 8, (const void *)list);
	}
	for (u32 slot = 0; slot < GC_SLOTS; slot++)
		close_slot(s, slot);
	emit(s);
	return 0;
}

GC_HOOK(sched_process_fork, gc_fork, child, struct task_struct *parent, struct task_struct *child)

/* Once a process: when its last thread ends. */
static __always_inline int on_gc_exit(struct task_struct *p)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct signal_struct *signal = BPF_CORE_READ(task, signal);
	if (BPF_CORE_READ(signal, live.counter) > 0)
		return 0;
	struct gc_scratch *s = begin_task(GC_KIND_EXIT);
	if (!s)
		return 0;
	s->h.ret = BPF_CORE_READ(task, exit_code);
	emit(s);
	return 0;
}

GC_HOOK(sched_process_exit, gc_exit, p, struct task_struct *p)

static __always_inline bool is_chosen_hierarchy(struct cgroup *cgroup, struct gc_config *c)
{
	/* each v1 hierarchy announces its own copy of a container's control group; keep the one used for attribution */
	return (u32)BPF_CORE_READ(cgroup, root, hierarchy_id) == c->cgroup_v1;
}

static __always_inline int on_gc_cgroup_mkdir(struct cgroup *cgroup)
{
	struct gc_config *c = settings();
	if (!c || !is_chosen_hierarchy(cgroup, c))
		return 0;
	announce_cgroup((u64)cgroup, BPF_CORE_READ(cgroup, kn, id), GC_KIND_CGROUP_MADE);
	return 0;
}

GC_HOOK(cgroup_mkdir, gc_cgroup_mkdir, cgroup, struct cgroup *cgroup, const char *path)

static __always_inline int on_gc_cgroup_rmdir(struct cgroup *cgroup)
{
	struct gc_config *c = settings();
	if (!c || !is_chosen_hierarchy(cgroup, c))
		return 0;
	struct gc_scratch *s = begin(GC_KIND_CGROUP_GONE);
	if (!s)
		return 0;
	s->h.cgroup = BPF_CORE_READ(cgroup, kn, id);
	u64 id = s->h.cgroup;
	bpf_map_delete_elem(&known_cgroups, &id);
	emit(s);
	return 0;
}

GC_HOOK(cgroup_rmdir, gc_cgroup_rmdir, cgroup, struct cgroup *cgroup, const char *path)

#endif
