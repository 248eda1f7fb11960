/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Every other system call, described by the table in the specs map: one program serves many tracepoints.
 * Sockets have their own program because they carry addresses; UDP sends because they carry data and are frequent. */
#ifndef GC_CALLS_H
#define GC_CALLS_H

#define GC_DNS_PORT 53
#define GC_DATA_SNAP 512
#define GC_MESSAGES 4
#define GC_RECEIVE_SNAP 80

static __always_inline u64 argument(struct gc_scratch *s, u32 index)
{
	index &= 7;
	return index > 5 ? 0 : s->h.args[index];
}

static __always_inline void close_from(struct gc_scratch *s, u32 first)
{
	for (u32 slot = 0; slot < GC_SLOTS; slot++)
		if (slot >= first)
			close_slot(s, slot);
}

SEC("tracepoint")
int gc_call(struct gc_exit_context *ctx)
{
	u32 nr = ctx->nr;
	struct gc_spec *spec = bpf_map_lookup_elem(&specs, &nr);
	if (is_off(spec, ctx) || ((spec->flags & GC_SPEC_SUCCESS) && ctx->ret < 0))
		return 0;
	struct gc_scratch *s = begin_task(GC_KIND_CALL);
	if (!s)
		return 0;
	s->h.nr = nr;
	s->h.ret = ctx->ret;
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	read_args(s, task);
	if (spec->flags & GC_SPEC_PROCESS) {
		put_process(s, (u64)task);
		close_slot(s, 0);
		close_slot(s, 1);
	} else if (spec->fd != GC_NO_ARG || (spec->flags & GC_SPEC_RET_FD)) {
		u32 fd = (spec->flags & GC_SPEC_RET_FD) ? (u32)ctx->ret : (u32)argument(s, spec->fd);
		if (ctx->ret < 0 && (spec->flags & GC_SPEC_RET_FD))
			fd = -1;
		u32 kind = put_descriptor(s, fd);
		if ((spec->flags & GC_SPEC_SOCKET_ONLY) && kind != GC_FD_SOCKET)
			return 0;
	}
	if (spec->path_a != GC_NO_ARG)
		put_path_pair(s, argument(s, spec->path_a), spec->base_a, 2);
	else
		close_from(s, 2);
	if (spec->path_b != GC_NO_ARG)
		put_path_pair(s, argument(s, spec->path_b), spec->base_b, 4);
	else
		close_from(s, 4);
	if (spec->text != GC_NO_ARG)
		put_user_text(s, argument(s, spec->text));
	close_slot(s, 6);
	if (spec->flags & GC_SPEC_PROCESS)
		put_cwd(s);
	close_slot(s, 7);
	emit(s);
	return 0;
}

/* A destination folded to 64 bits, never 0. */
static __always_inline u64 fold(struct gc_descriptor *d)
{
	u64 a, b;
	__builtin_memcpy(&a, d->remote_address, 8);
	__builtin_memcpy(&b, d->remote_address + 8, 8);
	return ((a * 0x9e3779b97f4a7c15ULL) ^ (b * 0xc2b2ae3d27d4eb4fULL) ^ ((u64)d->remote_port << 17)) | 1;
}

/* Takes the destination from a sockaddr that the program passed. */
static __always_inline void read_destination(struct gc_descriptor *d, u64 address)
{
	u16 family = 0, port = 0;
	if (!address || bpf_probe_read_user(&family, 2, (const void *)address))
		return;
	bpf_probe_read_user(&port, 2, (const void *)(address + 2));
	if (family == GC_AF_INET) {
		__builtin_memset(d->remote_address, 0, 16);
		bpf_probe_read_user(d->remote_address, 4, (const void *)(address + 4));
	} else if (family == GC_AF_INET6) {
		bpf_probe_read_user(d->remote_address, 16, (const void *)(address + 8));
	} else {
		return;
	}
	/* a v4 address given to a v6 socket keeps its own family */
	d->family = family;
	d->remote_port = bpf_ntohs(port);
}

static __always_inline bool destination_changed(struct gc_descriptor *d)
{
	u64 key = d->socket, now = fold(d);
	u64 *before = bpf_map_lookup_elem(&destinations, &key);
	if (before && *before == now)
		return false;
	bpf_map_update_elem(&destinations, &key, &now, BPF_ANY);
	return true;
}

/* connect, accept, bind, listen, socket. */
SEC("tracepoint")
int gc_socket(struct gc_exit_context *ctx)
{
	u32 nr = ctx->nr;
	struct gc_spec *spec = bpf_map_lookup_elem(&specs, &nr);
	if (is_off(spec, ctx))
		return 0;
	struct gc_scratch *s = begin_task(GC_KIND_SOCKET);
	if (!s)
		return 0;
	s->h.nr = nr;
	s->h.ret = ctx->ret;
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	read_args(s, task);
	u32 fd = (spec->flags & GC_SPEC_RET_FD) ? (u32)ctx->ret : (u32)argument(s, 0);
	if ((spec->flags & GC_SPEC_RET_FD) && ctx->ret < 0)
		fd = -1;
	put_descriptor(s, fd);
	close_from(s, 2);
	if (spec->address != GC_NO_ARG) {
		u32 len = (u32)argument(s, spec->address + 1);
		if (len > 128)
			len = 128;
		struct gc_descriptor *d = (struct gc_descriptor *)s->data;
		put_user_bytes(s, argument(s, spec->address), len);
		if (d->type == GC_SOCK_DGRAM && d->family != GC_AF_UNIX && ctx->ret >= 0 && destination_changed(d))
			s->h.flags |= GC_FLAG_NAME_CHANGED;
	}
	close_slot(s, 7);
	emit(s);
	return 0;
}

/* One UDP message: sent only when it asks a name server or goes to another peer than the one before. */
static __noinline long send_message(struct gc_scratch *s, u64 address, u64 data, u64 size)
{
	if (!s)
		return 0;
	struct gc_descriptor *d = (struct gc_descriptor *)s->data;
	*(volatile u32 *)&s->pos = sizeof(*d);
	s->h.flags &= ~GC_FLAG_NAME_CHANGED;
	read_destination(d, address);
	if (destination_changed(d))
		s->h.flags |= GC_FLAG_NAME_CHANGED;
	else if (d->remote_port != GC_DNS_PORT)
		return 0;
	close_from(s, 0);
	if (d->remote_port == GC_DNS_PORT)
		put_user_bytes(s, data, size > GC_DATA_SNAP ? GC_DATA_SNAP : size);
	close_from(s, 6);
	emit(s);
	return 1;
}

/* sendto, sendmsg, sendmmsg. */
SEC("tracepoint")
int gc_send(struct gc_exit_context *ctx)
{
	u32 nr = ctx->nr;
	struct gc_spec *spec = bpf_map_lookup_elem(&specs, &nr);
	if (is_off(spec, ctx))
		return 0;
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct gc_scratch *s = begin_task(GC_KIND_SOCKET);
	if (!s)
		return 0;
	s->h.nr = nr;
	s->h.ret = ctx->ret;
	read_args(s, task);
	struct file *file = file_of(task, (u32)s->h.args[0]);
	if (!file)
		return 0;
	struct gc_descriptor *d = descriptor_slot(s);
	read_descriptor(d, file);
	if (d->kind != GC_FD_SOCKET || d->type != GC_SOCK_DGRAM || d->family == GC_AF_UNIX)
		return 0;
	if (d->family != GC_AF_INET && d->family != GC_AF_INET6)
		return 0;
	if (spec->data == 1 && spec->address == 4) {
		send_message(s, s->h.args[4], s->h.args[1], s->h.args[2]);
		return 0;
	}
	u64 next = s->h.args[1];
	u32 count = spec->address == GC_NO_ARG ? (ctx->ret > 0 ? ctx->ret : 1) : 1;
	u16 family = d->family;
	for (u32 i = 0; i < GC_MESSAGES; i++) {
		if (i >= count)
			break;
		struct gc_user_msghdr header = {};
		struct gc_user_iovec part = {};
		if (bpf_probe_read_user(&header, sizeof(header), (const void *)next))
			break;
		if (header.iov_len)
			bpf_probe_read_user(&part, sizeof(part), (const void *)header.iov);
		d->family = family;
		s->h.args[2] = part.len;
		send_message(s, header.name, part.base, part.len);
		next += sizeof(struct gc_user_mmsghdr);
	}
	return 0;
}

/* recvfrom, recvmsg: data of streams only when a rule looks at it; of datagrams, what comes from another peer than the
 * one before. Both ends are known afterwards: the kernel has written the sender's address where the program asked. */
SEC("tracepoint")
int gc_receive(struct gc_exit_context *ctx)
{
	u32 nr = ctx->nr;
	struct gc_spec *spec = bpf_map_lookup_elem(&specs, &nr);
	if (is_off(spec, ctx) || ctx->ret < 0)
		return 0;
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct file *file = file_of(task, (u32)user_arg(user_regs(task), 0));
	if (!file)
		return 0;
	bool wants_data = spec->flags & GC_SPEC_WANT_DATA;
	/* most of what is received ends here, so the cheap questions come first */
	if ((BPF_CORE_READ(file, f_inode, i_mode) & GC_S_IFMT) != GC_S_IFSOCK)
		return 0;
	struct socket *socket = (struct socket *)BPF_CORE_READ(file, private_data);
	struct sock *sk = BPF_CORE_READ(socket, sk);
	u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);
	if (!sk || (family != GC_AF_INET && family != GC_AF_INET6))
		return 0;
	if (BPF_CORE_READ(sk, sk_type) != GC_SOCK_DGRAM && (!wants_data || ctx->ret == 0))
		return 0;
	struct gc_scratch *s = begin_task(GC_KIND_SOCKET);
	if (!s)
		return 0;
	struct gc_descriptor *d = descriptor_slot(s);
	read_descriptor(d, file);
	if (d->kind != GC_FD_SOCKET)
		return 0;
	s->h.nr = nr;
	s->h.ret = ctx->ret;
	read_args(s, task);
	u64 from = s->h.args[4], data = s->h.args[1];
	u64 size = ctx->ret > GC_RECEIVE_SNAP ? GC_RECEIVE_SNAP : ctx->ret;
	if (spec->address == 1) {
		struct gc_user_msghdr header = {};
		struct gc_user_iovec part = {};
		if (bpf_probe_read_user(&header, sizeof(header), (const void *)s->h.args[1]))
			return 0;
		if (header.iov_len)
			bpf_probe_read_user(&part, sizeof(part), (const void *)header.iov);
		from = header.name;
		data = part.base;
		if (size > part.len)
			size = part.len;
	}
	if (d->type == GC_SOCK_DGRAM) {
		read_destination(d, from);
		if (d->remote_port && destination_changed(d))
			s->h.flags |= GC_FLAG_NAME_CHANGED;
		else if (!wants_data)
			return 0;
	}
	close_from(s, 0);
	if (wants_data)
		put_user_bytes(s, data, size);
	close_from(s, 6);
	emit(s);
	return 0;
}

#endif
