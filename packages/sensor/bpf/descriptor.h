/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* What a file descriptor refers to: a file with its resolved path, or a socket with both ends. */
#ifndef GC_DESCRIPTOR_H
#define GC_DESCRIPTOR_H

#define GC_S_IFMT 0170000
#define GC_S_IFREG 0100000
#define GC_S_IFSOCK 0140000
#define GC_S_IFCHR 0020000
#define GC_AF_UNIX 1
#define GC_AF_INET 2
#define GC_AF_INET6 10
#define GC_SOCK_DGRAM 2
#define GC_FMODE_CREATED 0x100000

static __always_inline void read_socket(struct gc_descriptor *out, struct sock *sk)
{
	out->kind = GC_FD_SOCKET;
	out->socket = (u64)sk;
	out->family = BPF_CORE_READ(sk, __sk_common.skc_family);
	out->state = BPF_CORE_READ(sk, __sk_common.skc_state);
	out->type = BPF_CORE_READ(sk, sk_type);
	out->protocol = BPF_CORE_READ(sk, sk_protocol);
	if (out->family == GC_AF_INET) {
		u32 local = BPF_CORE_READ(sk, __sk_common.skc_rcv_saddr);
		u32 remote = BPF_CORE_READ(sk, __sk_common.skc_daddr);
		__builtin_memcpy(out->local_address, &local, 4);
		__builtin_memcpy(out->remote_address, &remote, 4);
	} else if (out->family == GC_AF_INET6) {
		BPF_CORE_READ_INTO((struct in6_addr *)out->local_address, sk, __sk_common.skc_v6_rcv_saddr);
		BPF_CORE_READ_INTO((struct in6_addr *)out->remote_address, sk, __sk_common.skc_v6_daddr);
	} else {
		return;
	}
	out->local_port = BPF_CORE_READ(sk, __sk_common.skc_num);
	out->remote_port = bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport));
}

static __always_inline long put_unix_path(struct gc_scratch *s, struct sock *sk)
{
	struct unix_sock *u = (struct unix_sock *)sk;
	struct unix_address *address = BPF_CORE_READ(u, addr);
	if (!address) {
		struct unix_sock *peer = (struct unix_sock *)BPF_CORE_READ(u, peer);
		if (!peer)
			return 0;
		address = BPF_CORE_READ(peer, addr);
		if (!address)
			return 0;
	}
	char *path = (char *)address + bpf_core_field_offset(struct unix_address, name) + 2;
	long n = put_kernel_text(s, (u64)path);
	if (n > 0)
		return n;
	/* an abstract name starts with NUL, shown as @ */
	u32 pos = position(s) & (GC_DATA_MAX * 2 - 1);
	if (pos > GC_DATA_MAX)
		return 0;
	s->data[pos] = '@';
	grow(s, 1);
	return put_kernel_text(s, (u64)path + 1);
}

/* Slot 0 from an open file; the path is not walked yet. Returns the socket for sockets. */
static __always_inline struct sock *read_descriptor(struct gc_descriptor *out, struct file *file)
{
	struct inode *inode = BPF_CORE_READ(file, f_inode);
	out->inode = BPF_CORE_READ(inode, i_ino);
	out->dev = BPF_CORE_READ(inode, i_sb, s_dev);
	out->rdev = BPF_CORE_READ(inode, i_rdev);
	out->mode = BPF_CORE_READ(inode, i_mode);
	out->open_flags = BPF_CORE_READ(file, f_flags);
	if ((out->mode & GC_S_IFMT) == GC_S_IFSOCK) {
		struct socket *socket = (struct socket *)BPF_CORE_READ(file, private_data);
		struct sock *sk = BPF_CORE_READ(socket, sk);
		if (sk)
			read_socket(out, sk);
		return sk;
	}
	out->kind = GC_FD_FILE;
	out->layer = layer_of(inode, BPF_CORE_READ(file, f_path.dentry));
	out->created = (BPF_CORE_READ(file, f_mode) & GC_FMODE_CREATED) != 0;
	return NULL;
}

static __always_inline struct gc_descriptor *descriptor_slot(struct gc_scratch *s)
{
	struct gc_descriptor *out = (struct gc_descriptor *)s->data;
	__builtin_memset(out, 0, sizeof(*out));
	*(volatile u32 *)&s->pos = sizeof(*out);
	s->h.flags |= GC_FLAG_HAS_FD;
	return out;
}

static __always_inline void put_file_path(struct gc_scratch *s, struct gc_path_scratch *p)
{
	put_walked(s, p);
	if (p->state & GC_PATH_DELETED)
		s->h.flags |= GC_FLAG_FD_DELETED;
	if (p->state & GC_PATH_DETACHED)
		s->h.flags |= GC_FLAG_FD_DETACHED;
}

/* Slots 0 and 1 for a descriptor number of the current task. Returns the kind, GC_FD_NONE when it is not open. */
static __noinline u32 put_descriptor(struct gc_scratch *s, u32 fd)
{
	if (!s)
		return GC_FD_NONE;
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct file *file = file_of(task, fd);
	struct gc_descriptor *out = descriptor_slot(s);
	close_slot(s, 0);
	close_slot(s, 1);
	if (!file)
		return GC_FD_NONE;
	struct sock *sk = read_descriptor(out, file);
	if (sk) {
		if (out->family == GC_AF_UNIX)
			put_unix_path(s, sk);
	} else {
		struct gc_path_scratch *p = path_space();
		if (!p)
			return GC_FD_NONE;
		walk_path(p, (u64)BPF_CORE_READ(file, f_path.mnt), (u64)BPF_CORE_READ(file, f_path.dentry));
		put_file_path(s, p);
	}
	close_slot(s, 1);
	return out->kind;
}

#endif
