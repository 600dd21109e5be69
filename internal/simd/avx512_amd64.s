//go:build !purego

#include "textflag.h"

// Tiles of R rows by 32 columns, that is two panels: row r's sums are in
// Z(8+2r) and Z(9+2r). Each sum takes its products in the same order as the
// AVX2 tiles, so both give the same bits.
//
// Registers: R8, R9, R10, R11 point at rows 0, 3, 6 and 9 of A, AX is its
// stride; DI points into the first panel of B, the second lies DX bytes on; CX
// counts inputs. SI and BX are the rows of C (and init) and their stride. All
// strides are in bytes here.

// ROW multiplies the value at addr by the 32 of B in Z0 and Z1.
#define ROW(addr, t, lo, hi) \
	VBROADCASTSS addr, t; \
	VFMADD231PS Z0, t, lo; \
	VFMADD231PS Z1, t, hi

#define COLUMNS(offb) \
	VMOVUPS offb(DI), Z0; \
	VMOVUPS offb(DI)(DX*1), Z1

#define ROWS0TO2(off) \
	ROW(off(R8), Z2, Z8, Z9); \
	ROW(off(R8)(AX*1), Z3, Z10, Z11); \
	ROW(off(R8)(AX*2), Z4, Z12, Z13)

#define ROW3(off) \
	ROW(off(R9), Z5, Z14, Z15)

#define ROWS4TO5(off) \
	ROW(off(R9)(AX*1), Z6, Z16, Z17); \
	ROW(off(R9)(AX*2), Z7, Z18, Z19)

#define ROWS6TO7(off) \
	ROW(off(R10), Z2, Z20, Z21); \
	ROW(off(R10)(AX*1), Z3, Z22, Z23)

#define ROWS8TO11(off) \
	ROW(off(R10)(AX*2), Z4, Z24, Z25); \
	ROW(off(R11), Z5, Z26, Z27); \
	ROW(off(R11)(AX*1), Z6, Z28, Z29); \
	ROW(off(R11)(AX*2), Z7, Z30, Z31)

#define STEP4(off, offb) \
	COLUMNS(offb); \
	ROWS0TO2(off); \
	ROW3(off)

#define STEP6(off, offb) \
	STEP4(off, offb); \
	ROWS4TO5(off)

#define STEP8(off, offb) \
	STEP6(off, offb); \
	ROWS6TO7(off)

#define STEP12(off, offb) \
	STEP8(off, offb); \
	ROWS8TO11(off)

// GET and PUT load and store one row's sums at SI and go on to the next row.
#define GET(lo, hi) \
	VMOVUPS (SI), lo; \
	VMOVUPS 64(SI), hi; \
	ADDQ BX, SI

#define PUT(lo, hi) \
	VMOVUPS lo, (SI); \
	VMOVUPS hi, 64(SI); \
	ADDQ BX, SI

#define EACH4(do) \
	do(Z8, Z9); \
	do(Z10, Z11); \
	do(Z12, Z13); \
	do(Z14, Z15)

#define EACH6(do) \
	EACH4(do); \
	do(Z16, Z17); \
	do(Z18, Z19)

#define EACH8(do) \
	EACH6(do); \
	do(Z20, Z21); \
	do(Z22, Z23)

#define EACH12(do) \
	EACH8(do); \
	do(Z24, Z25); \
	do(Z26, Z27); \
	do(Z28, Z29); \
	do(Z30, Z31)

// TILE is the body of a kernel: the arguments, init into the sums, two inputs
// at a time, an odd one, and the sums into C.
#define TILE(each, step, two, last, store) \
	MOVQ init+16(FP), SI; \
	MOVQ ldi+24(FP), BX; \
	SHLQ $2, BX; \
	MOVQ a+32(FP), R8; \
	MOVQ lda+40(FP), AX; \
	SHLQ $2, AX; \
	LEAQ (AX)(AX*2), R11; \
	LEAQ (R8)(R11*1), R9; \
	LEAQ (R9)(R11*1), R10; \
	ADDQ R10, R11; \
	MOVQ b+48(FP), DI; \
	MOVQ panel+56(FP), DX; \
	SHLQ $2, DX; \
	MOVQ k+64(FP), CX; \
	each(GET); \
	SUBQ $2, CX; \
	JLT last; \
two: \
	step(0, 0); \
	step(4, 64); \
	ADDQ $8, R8; \
	ADDQ $8, R9; \
	ADDQ $8, R10; \
	ADDQ $8, R11; \
	ADDQ $128, DI; \
	SUBQ $2, CX; \
	JGE two; \
last: \
	ADDQ $2, CX; \
	JZ store; \
	step(0, 0); \
store: \
	MOVQ c+0(FP), SI; \
	MOVQ ldc+8(FP), BX; \
	SHLQ $2, BX; \
	each(PUT); \
	VZEROUPPER; \
	RET

// func mulTile12AVX512(c *float32, ldc int, init *float32, ldi int, a *float32, lda int, b *float32, panel int, k int)
TEXT ·mulTile12AVX512(SB), NOSPLIT, $0-72
	TILE(EACH12, STEP12, two12, last12, store12)

// func mulTile8AVX512(c *float32, ldc int, init *float32, ldi int, a *float32, lda int, b *float32, panel int, k int)
TEXT ·mulTile8AVX512(SB), NOSPLIT, $0-72
	TILE(EACH8, STEP8, two8, last8, store8)

// func mulTile6AVX512(c *float32, ldc int, init *float32, ldi int, a *float32, lda int, b *float32, panel int, k int)
TEXT ·mulTile6AVX512(SB), NOSPLIT, $0-72
	TILE(EACH6, STEP6, two6, last6, store6)

// func mulTile4AVX512(c *float32, ldc int, init *float32, ldi int, a *float32, lda int, b *float32, panel int, k int)
TEXT ·mulTile4AVX512(SB), NOSPLIT, $0-72
	TILE(EACH4, STEP4, two4, last4, store4)
