/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Which files are in use: code that is mapped, and files of language packages that are opened. Each is told once by
 * control group, and again only after a while; what was told before costs one look-up. */
#ifndef GC_TOUCHED_H
#define GC_TOUCHED_H

#define GC_PROT_EXEC 4
#define GC_MAP_ANONYMOUS 0x20
#define GC_TOUCHED_AGAIN_SEC 600
/* By CPU: who reads whole trees of code must not fill the ring */
#define GC_TOUCHED_PER_SEC 2000
#define GC_NSEC_PER_SEC 1000000000ULL

/* The last 8 bytes of a name as a number ends with the bytes of the suffix. */
#define GC_ENDS_2(w, a, b) ((w) >> 48 == ((u64)(a) | (u64)(b) << 8))
#define GC_ENDS_3(w, a, b, c) ((w) >> 40 == ((u64)(a) | (u64)(b) << 8 | (u64)(c) << 16))
#define GC_ENDS_4(w, a, b, c, d) ((w) >> 32 == ((u64)(a) | (u64)(b) << 8 | (u64)(c) << 16 | (u64)(d) << 24))
#define GC_ENDS_5(w, a, b, c, d, e)                                                                                             \
	((w) >> 24 == ((u64)(a) | (u64)(b) << 8 | (u64)(c) << 16 | (u64)(d) << 24 | (u64)(e) << 32))

/* Whether a name is one of a file that runtimes of languages load code from. */
static __always_inline bool is_code_name(struct dentry *dentry)
{
	u64 word = 0;
	u32 len = BPF_CORE_READ(dentry, d_name.len);
	if (len < 4)
		return false;
	const unsigned char *name = BPF_CORE_READ(dentry, d_name.name);
	if (len >= 8)
		bpf_probe_read_kernel(&word, 8, name + len - 8);
	else {
		bpf_probe_read_kernel(&word, 8, name);
		word <<= (8 - len) * 8;
	}
	return GC_ENDS_3(word, '.', 'p', 'y') || GC_ENDS_4(word, '.', 'p', 'y', 'c') || GC_ENDS_3(word, '.', 'j', 's') ||
	       GC_ENDS_4(word, '.', 'm', 'j', 's') || GC_ENDS_4(word, '.', 'c', 'j', 's') ||
	       GC_ENDS_5(word, '.', 'n', 'o', 'd', 'e') || GC_ENDS_5(word, '.', 'j', 's', 'o', 'n') ||
	       GC_ENDS_4(word, '.', 'j', 'a', 'r') || GC_ENDS_4(word, '.', 'w', 'a', 'r') ||
	       GC_ENDS_4(word, '.', 'e', 'a', 'r') || GC_ENDS_3(word, '.', 'r', 'b') || GC_ENDS_4(word, '.', 'p', 'h', 'p') ||
	       GC_ENDS_5(word, '.', 'p', 'h', 'a', 'r') || GC_ENDS_4(word, '.', 'd', 'l', 'l') ||
	       GC_ENDS_3(word, '.', 'p', 'm') || GC_ENDS_3(word, '.', 'p', 'l') || GC_ENDS_4(word, '.', 'e', 'g', 'g') ||
	       GC_ENDS_5(word, '.', 'b', 'e', 'a', 'm') || GC_ENDS_3(word, '.', 's', 'o');
}

static __always_inline bool is_too_much(u32 now)
{
	u32 zero = 0;
	struct gc_counters *count = bpf_map_lookup_elem(&counters, &zero);
	if (!count)
		return true;
	if (count->touched_second != now) {
		count->touched_second = now;
		count->touched_count = 0;
	}
	if (count->touched_count < GC_TOUCHED_PER_SEC) {
		count->touched_count++;
		return false;
	}
	return true;
}

/* Tells of a file unless it was told of lately. Uses the scratch memory of records and paths. */
static __noinline long touch(u64 file_address, u32 how)
{
	struct gc_config *c = settings();
	struct file *file = (struct file *)file_address;
	if (!c || !file)
		return 0;
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct inode *inode = BPF_CORE_READ(file, f_inode);
	u32 now = bpf_ktime_get_boot_ns() / GC_NSEC_PER_SEC;
	struct gc_touched_key key = {};
	key.cgroup = BPF_CORE_READ(cgroup_of(task, c), kn, id);
	key.inode = BPF_CORE_READ(inode, i_ino);
	key.dev = BPF_CORE_READ(inode, i_sb, s_dev);
	key.how = how;
	/* most of what is touched was told of, so this question comes first */
	u32 *told = bpf_map_lookup_elem(&touched, &key);
	if (told && *told >= c->touched_since && now - *told < GC_TOUCHED_AGAIN_SEC)
		return 0;
	struct gc_path_scratch *p = path_space();
	struct vfsmount *mnt = BPF_CORE_READ(file, f_path.mnt);
	if (!p || !mnt || is_excluded(c) || (BPF_CORE_READ(inode, i_mode) & GC_S_IFMT) != GC_S_IFREG)
		return 0;
	/* somebody looks into another container, or at files that no name leads to: that is no use of them */
	if (BPF_CORE_READ(mount_of(mnt), mnt_ns) != BPF_CORE_READ(task, nsproxy, mnt_ns))
		return 0;
	if (is_too_much(now))
		return lose_touch(key.cgroup);
	struct gc_scratch *s = begin_task(GC_KIND_TOUCHED);
	if (!s)
		return 0;
	s->h.args[0] = how;
	close_slot(s, 0);
	walk_path(p, (u64)mnt, (u64)BPF_CORE_READ(file, f_path.dentry));
	put_file_path(s, p);
	for (u32 slot = 1; slot < GC_SLOTS; slot++)
		close_slot(s, slot);
	/* what did not fit into the ring is told the next time */
	if (emit(s))
		return lose_touch(key.cgroup);
	bpf_map_update_elem(&touched, &key, &now, BPF_ANY);
	return 0;
}

/* mmap: code that is mapped into a process. */
SEC("tracepoint")
int gc_map(struct gc_exit_context *ctx)
{
	struct gc_config *c = settings();
	if (!c || !c->touched_since || (ctx->ret < 0 && ctx->ret > -4096))
		return 0;
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct pt_regs *regs = user_regs(task);
	if (!(user_arg(regs, 2) & GC_PROT_EXEC) || (map_flags(regs) & GC_MAP_ANONYMOUS))
		return 0;
	struct file *file = file_of(task, map_fd(regs));
	if (file)
		touch((u64)file, GC_TOUCHED_LOADED);
	return 0;
}

#endif
