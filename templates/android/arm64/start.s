// The start of a command, which the NDK has in crtbegin_dynamic.o: hands the stack and `main` to the system's library.
// The dynamic linker runs the constructors, and Rust has no destructors of its own, so the arrays of both are empty.
.text
.globl _start
.type _start, %function
_start:
    mov x29, #0
    mov x30, #0
    mov x0, sp
    mov x1, #0
    adrp x2, main
    add x2, x2, :lo12:main
    adrp x3, structors
    add x3, x3, :lo12:structors
    b __libc_init

.section .rodata
.balign 8
structors:
    .zero 64

// Says that this is for Android, and for which API level.
.section .note.android.ident, "a", %note
.balign 4
    .long 8
    .long 4
    .long 1
    .asciz "Android"
    .long 23
