/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* open, openat, openat2, creat, open_by_handle_at. The path comes from the file that was opened, so symbolic links
 * and ".." cannot mislead; uninteresting opens end here, before anything is sent. */
#ifndef GC_OPEN_H
#define GC_OPEN_H

#define GC_O_ACCMODE 3
#define GC_O_CREAT 0100
#define GC_O_TRUNC 01000
#define GC_O_DIRECTORY 0200000
#define GC_O_PATH 010000000
#define GC_NR_OPENAT2 437
/* How much of a text is searched for "../"; a power of two */
#define GC_TEXT_LOOK 256
#define GC_EPERM 1
#define GC_EACCES 13

/* Terminals and the null devices are written all the time and harmless. */
static __always_inline bool is_dull_device(struct gc_descriptor *d)
{
	if ((d->mode & GC_S_IFMT) != GC_S_IFCHR)
		return false;
	u32 major = d->rdev >> 20, minor = d->rdev & 0xfffff;
	if (major == 1)
		return minor == 3 || minor == 5 || minor == 7;
	return major == 5 || (major >= 136 && major <= 143);
}

/* False when the word is surely not in the set. */
static __always_inline bool gc_maybe(const u64 *set, u64 word)
{
	u32 bit = (word * 0x9e3779b97f4a7c15ULL) >> 56;
	return (set[(bit >> 6) & (GC_SET_WORDS - 1)] >> (bit & 63)) & 1;
}

/* The first 8 bytes of a name, filled up with NUL. */
static __always_inline u64 name_word(struct dentry *dentry)
{
	u64 word = 0;
	u32 len = BPF_CORE_READ(dentry, d_name.len);
	bpf_probe_read_kernel(&word, sizeof(word), BPF_CORE_READ(dentry, d_name.name));
	if (len < 8)
		word &= (1ULL << (len * 8)) - 1;
	return word;
}

static __noinline u32 name_matches(struct gc_path_scratch *p, u64 dentry_address)
{
	struct dentry *dentry = (struct dentry *)dentry_address;
	struct gc_config *c = settings();
	if (!p || !dentry || !c)
		return 0;
	for (int i = 0; i < 2; i++) {
		if (!gc_maybe(c->maybe_name, name_word(dentry))) {
			dentry = BPF_CORE_READ(dentry, d_parent);
			continue;
		}
		__builtin_memset(&p->name, 0, sizeof(p->name));
		bpf_probe_read_kernel_str(&p->name, sizeof(p->name), BPF_CORE_READ(dentry, d_name.name));
		u8 *which = bpf_map_lookup_elem(&open_names, &p->name);
		/* value 1: name of the file itself, 2: name of its directory, 3: both */
		if (which && (*which & (1 << i)))
			return 1;
		dentry = BPF_CORE_READ(dentry, d_parent);
	}
	return 0;
}

/* Whether a listed prefix can cover a file: judged by the first component of its path alone, one read a level. */
static __noinline u32 top_matches(u64 mnt_address, u64 dentry_address)
{
	struct vfsmount *mnt = (struct vfsmount *)mnt_address;
	struct dentry *dentry = (struct dentry *)dentry_address, *top = NULL;
	struct gc_config *c = settings();
	if (!c || !mnt || !dentry)
		return 1;
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct fs_struct *fs = BPF_CORE_READ(task, fs);
	struct vfsmount *root_mnt = BPF_CORE_READ(fs, root.mnt);
	struct dentry *root_dentry = BPF_CORE_READ(fs, root.dentry);
	struct dentry *mnt_root = BPF_CORE_READ(mnt, mnt_root);
	for (int i = 0; i < GC_PATH_DEPTH; i++) {
		if (dentry == mnt_root) {
			if (dentry == root_dentry && mnt == root_mnt)
				return top ? gc_maybe(c->maybe_top, name_word(top)) : 1;
			struct mount *self = mount_of(mnt);
			struct mount *parent = BPF_CORE_READ(self, mnt_parent);
			if (parent == self)
				return top ? gc_maybe(c->maybe_top, name_word(top)) : 1;
			dentry = BPF_CORE_READ(self, mnt_mountpoint);
			mnt = (struct vfsmount *)((char *)parent + bpf_core_field_offset(struct mount, mnt));
			mnt_root = BPF_CORE_READ(mnt, mnt_root);
			continue;
		}
		if (dentry == root_dentry && mnt == root_mnt)
			return top ? gc_maybe(c->maybe_top, name_word(top)) : 1;
		struct dentry *parent = BPF_CORE_READ(dentry, d_parent);
		if (parent == dentry)
			return 1;
		top = dentry;
		dentry = parent;
	}
	return 1;
}

/* Whether a listed prefix covers the len bytes at from (in kernel or map memory). */
static __noinline u32 prefix_matches(struct gc_path_scratch *p, u64 from, u32 len)
{
	if (!p)
		return 0;
	if (len > sizeof(p->key.path) - 1)
		len = sizeof(p->key.path) - 1;
	__builtin_memset(&p->key, 0, sizeof(p->key));
	bpf_probe_read_kernel(p->key.path, len & 127, (const void *)from);
	p->key.prefix_bits = (len + 1) * 8; /* the NUL too, so that an exact path can be listed */
	return bpf_map_lookup_elem(&open_prefixes, &p->key) != NULL;
}

/* Whether the text has "../"; also when it is too long to be looked at. */
static __noinline u32 goes_upward(struct gc_path_scratch *p, u64 text)
{
	if (!p)
		return 0;
	long n = bpf_probe_read_user_str(p->bytes, GC_TEXT_LOOK, (const void *)text);
	if (n >= GC_TEXT_LOOK)
		return 1;
	/* nothing is remembered from byte to byte, or the verifier follows every history of its own */
	for (u32 i = 0; i < GC_TEXT_LOOK; i++) {
		if (!p->bytes[i])
			break;
		if (p->bytes[i] == '.' && p->bytes[i + 1] == '.' && p->bytes[i + 2] == '/')
			return 1;
	}
	return 0;
}

/* Whether every open of this process is asked for, by the name of its first thread as everywhere. */
static __noinline u32 program_matches(struct gc_path_scratch *p)
{
	if (!p)
		return 0;
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	__builtin_memset(&p->program, 0, sizeof(p->program));
	BPF_CORE_READ_STR_INTO(&p->program.comm, task, group_leader, comm);
	return bpf_map_lookup_elem(&open_programs, &p->program) != NULL;
}

/* The number of the argument that holds the flags, 255 for creat, which has none. */
static __always_inline u32 flags_argument(u32 nr)
{
#if defined(__TARGET_ARCH_arm64)
	return 2;
#else
	return nr == 85 ? 255 : nr == 2 ? 1 : 2;
#endif
}

static __always_inline u64 open_flags_of(struct pt_regs *regs, u32 nr)
{
	u32 index = flags_argument(nr);
	if (index == 255)
		return GC_O_CREAT | GC_O_TRUNC | 1;
	if (index == 1)
		return user_arg(regs, 1);
	u64 flags = user_arg(regs, 2);
	if (nr == GC_NR_OPENAT2) {
		u64 how = flags;
		bpf_probe_read_user(&flags, 8, (const void *)how);
	}
	return flags;
}

/* openat2 passes struct open_how: put its flags, mode and resolve where the other calls have flags and mode. */
static __always_inline void unfold_open_how(struct gc_scratch *s)
{
	u64 how = s->h.args[2];
	bpf_probe_read_user(&s->h.args[2], 24, (const void *)how);
}

SEC("tracepoint")
int gc_open(struct gc_exit_context *ctx)
{
	struct gc_config *c = settings();
	u32 nr = ctx->nr;
	struct gc_spec *spec = bpf_map_lookup_elem(&specs, &nr);
	struct gc_path_scratch *p = path_space();
	if (!c || !p || is_off(spec, ctx))
		return 0;
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct pt_regs *regs = user_regs(task);
	u64 flags = open_flags_of(regs, nr);
	bool writes = (flags & GC_O_ACCMODE) || (flags & (GC_O_CREAT | GC_O_TRUNC));
	bool all = c->open_all || writes;
	if (!all && (flags & (GC_O_DIRECTORY | GC_O_PATH)))
		return 0;
	struct file *file = ctx->ret >= 0 ? file_of(task, ctx->ret) : NULL;
	if (c->touched_since && file && !writes && is_code_name(BPF_CORE_READ(file, f_path.dentry)))
		touch((u64)file, GC_TOUCHED_OPENED);
	if (spec->flags & GC_SPEC_TOUCHED_ONLY)
		return 0;
	u64 text = spec->path_a == GC_NO_ARG ? 0 : user_arg(regs, spec->path_a ? 1 : 0);
	if (!all && c->open_programs)
		all = program_matches(p);
	if (!all && c->open_upward)
		all = goes_upward(p, text);
	/* of what is read only little passes the filter, and begin_task leaves out what remains */
	if (all && is_excluded(c))
		return 0;
	if (ctx->ret >= 0) {
		if (!file)
			return 0;
		struct dentry *dentry = BPF_CORE_READ(file, f_path.dentry);
		u64 mnt = (u64)BPF_CORE_READ(file, f_path.mnt);
		bool named = all || name_matches(p, (u64)dentry);
		if (!named && !top_matches(mnt, (u64)dentry))
			return 0;
		long len = walk_path(p, mnt, (u64)dentry);
		if (!named) {
			u32 off = p->off & (GC_PATH_SPACE - 1);
			if (!prefix_matches(p, (u64)&p->bytes[off], len))
				return 0;
		}
	} else if (!all && ctx->ret != -GC_EACCES && ctx->ret != -GC_EPERM) {
		/* a missing file is reported only if its name as given is listed */
		u64 word = 0;
		if (!bpf_probe_read_user(&word, sizeof(word), (const void *)text) && !gc_maybe(c->maybe_text, word))
			return 0;
		long n = bpf_probe_read_user_str(p->bytes, 128, (const void *)text);
		if (n <= 1 || !prefix_matches(p, (u64)p->bytes, n - 1))
			return 0;
	}
	struct gc_scratch *s = begin_task(GC_KIND_OPEN);
	if (!s)
		return 0;
	s->h.nr = nr;
	s->h.ret = ctx->ret;
	read_args(s, task);
	if (nr == GC_NR_OPENAT2)
		unfold_open_how(s);
	struct gc_descriptor *d = descriptor_slot(s);
	close_slot(s, 0);
	if (file) {
		read_descriptor(d, file);
		if (!c->open_all && is_dull_device(d))
			return 0;
		put_file_path(s, p);
		close_slot(s, 1);
		put_user_text(s, text);
		close_slot(s, 2);
		close_slot(s, 3);
	} else {
		close_slot(s, 1);
		put_path_pair(s, text, spec->base_a, 2);
	}
	for (u32 slot = 4; slot < GC_SLOTS; slot++)
		close_slot(s, slot);
	emit(s);
	return 0;
}

#endif
