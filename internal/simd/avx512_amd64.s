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

#define ROWS4(off) \
	ROW(off(R8), Z2, Z8, Z9); \
	ROW(off(R8)(AX*1), Z3, Z10, Z11); \
	ROW(off(R8)(AX*2), Z4, Z12, Z13); \
	ROW(off(R9), Z5, Z14, Z15)

#define ROWS6(off) \
	ROWS4(off); \
	ROW(off(R9)(AX*1), Z2, Z16, Z17); \
	ROW(off(R9)(AX*2), Z3, Z18, Z19)

#define ROWS8(off) \
	ROWS6(off); \
	ROW(off(R10), Z4, Z20, Z21); \
	ROW(off(R10)(AX*1), Z5, Z22, Z23)

#define ROWS12(off) \
	ROWS8(off); \
	ROW(off(R10)(AX*2), Z2, Z24, Z25); \
	ROW(off(R11), Z3, Z26, Z27); \
	ROW(off(R11)(AX*1), Z4, Z28, Z29); \
	ROW(off(R11)(AX*2), Z5, Z30, Z31)

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

#define POINTERS \
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
	MOVQ b+48(FP), DI

#define FORWARD(bytesa, bytesb) \
	ADDQ $bytesa, R8; \
	ADDQ $bytesa, R9; \
	ADDQ $bytesa, R10; \
	ADDQ $bytesa, R11; \
	ADDQ $bytesb, DI

#define RESULT(each) \
	MOVQ c+0(FP), SI; \
	MOVQ ldc+8(FP), BX; \
	SHLQ $2, BX; \
	each(PUT); \
	VZEROUPPER; \
	RET

// TILE takes two inputs at a time, then an odd one.
#define TILE(each, rows, two, last, store) \
	POINTERS; \
	each(GET); \
	MOVQ panel+56(FP), DX; \
	SHLQ $2, DX; \
	MOVQ k+64(FP), CX; \
	SUBQ $2, CX; \
	JLT last; \
two: \
	COLUMNS(0); \
	rows(0); \
	COLUMNS(64); \
	rows(4); \
	FORWARD(8, 128); \
	SUBQ $2, CX; \
	JGE two; \
last: \
	ADDQ $2, CX; \
	JZ store; \
	COLUMNS(0); \
	rows(0); \
store: \
	RESULT(each)

// WEIGHTS expands the weights of one input: Z6 and Z7 are the scales.
#define WEIGHTS(offb) \
	VPMOVSXBD offb(DI), Z0; \
	VPMOVSXBD offb(DI)(DX*1), Z1; \
	VCVTDQ2PS Z0, Z0; \
	VCVTDQ2PS Z1, Z1; \
	VMULPS Z6, Z0, Z0; \
	VMULPS Z7, Z1, Z1

// INT8TILE is TILE on int8 weights, with the scales of 64 inputs (one panel's
// at SI, the other's as many bytes on as there are inputs) and four inputs at a
// time, while as many weights of the next two panels are fetched from memory.
// Scales are put into the weights, not into the sums, so that the result is
// that of expanding first.
#define INT8TILE(each, rows, block, four) \
	POINTERS; \
	each(GET); \
	MOVQ scales+56(FP), SI; \
	MOVQ k+64(FP), R12; \
	MOVQ R12, CX; \
	MOVQ R12, DX; \
	SHLQ $4, DX; \
block: \
	VMOVUPS (SI), Z6; \
	VMOVUPS (SI)(R12*1), Z7; \
	ADDQ $64, SI; \
	MOVQ $16, BX; \
four: \
	PREFETCHT0 (DI)(DX*2); \
	WEIGHTS(0); \
	rows(0); \
	WEIGHTS(16); \
	rows(4); \
	LEAQ (DI)(DX*2), R13; \
	PREFETCHT0 (R13)(DX*1); \
	WEIGHTS(32); \
	rows(8); \
	WEIGHTS(48); \
	rows(12); \
	FORWARD(16, 64); \
	DECQ BX; \
	JNZ four; \
	SUBQ $64, CX; \
	JNZ block; \
	RESULT(each)

// func mulTile12AVX512(c *float32, ldc int, init *float32, ldi int, a *float32, lda int, b *float32, panel int, k int)
TEXT ·mulTile12AVX512(SB), NOSPLIT, $0-72
	TILE(EACH12, ROWS12, two12, last12, store12)

// func mulTile8AVX512(c *float32, ldc int, init *float32, ldi int, a *float32, lda int, b *float32, panel int, k int)
TEXT ·mulTile8AVX512(SB), NOSPLIT, $0-72
	TILE(EACH8, ROWS8, two8, last8, store8)

// func mulTile6AVX512(c *float32, ldc int, init *float32, ldi int, a *float32, lda int, b *float32, panel int, k int)
TEXT ·mulTile6AVX512(SB), NOSPLIT, $0-72
	TILE(EACH6, ROWS6, two6, last6, store6)

// func mulTile4AVX512(c *float32, ldc int, init *float32, ldi int, a *float32, lda int, b *float32, panel int, k int)
TEXT ·mulTile4AVX512(SB), NOSPLIT, $0-72
	TILE(EACH4, ROWS4, two4, last4, store4)

// func mulInt8Tile12AVX512(c *float32, ldc int, init *float32, ldi int, a *float32, lda int, b *int8, scales *float32, k int)
TEXT ·mulInt8Tile12AVX512(SB), NOSPLIT, $0-72
	INT8TILE(EACH12, ROWS12, block12, four12)

// func mulInt8Tile8AVX512(c *float32, ldc int, init *float32, ldi int, a *float32, lda int, b *int8, scales *float32, k int)
TEXT ·mulInt8Tile8AVX512(SB), NOSPLIT, $0-72
	INT8TILE(EACH8, ROWS8, block8, four8)

// func mulInt8Tile6AVX512(c *float32, ldc int, init *float32, ldi int, a *float32, lda int, b *int8, scales *float32, k int)
TEXT ·mulInt8Tile6AVX512(SB), NOSPLIT, $0-72
	INT8TILE(EACH6, ROWS6, block6, four6)

// func mulInt8Tile4AVX512(c *float32, ldc int, init *float32, ldi int, a *float32, lda int, b *int8, scales *float32, k int)
TEXT ·mulInt8Tile4AVX512(SB), NOSPLIT, $0-72
	INT8TILE(EACH4, ROWS4, block4, four4)

// func expandAVX512(dst *float32, q *int8, scales *float32, k int)
// k is a multiple of 64 above 0; see expandAVX2.
TEXT ·expandAVX512(SB), NOSPLIT, $0-32
	MOVQ dst+0(FP), DI
	MOVQ q+8(FP), SI
	MOVQ scales+16(FP), DX
	MOVQ k+24(FP), CX
	MOVQ CX, R8
	SHLQ $4, R8

expandblock:
	VMOVUPS (DX), Z0
	ADDQ $64, DX
	MOVQ $16, AX

expand4:
	PREFETCHT0 (SI)(R8*1)
	VPMOVSXBD (SI), Z1
	VPMOVSXBD 16(SI), Z2
	VPMOVSXBD 32(SI), Z3
	VPMOVSXBD 48(SI), Z4
	VCVTDQ2PS Z1, Z1
	VCVTDQ2PS Z2, Z2
	VCVTDQ2PS Z3, Z3
	VCVTDQ2PS Z4, Z4
	VMULPS Z0, Z1, Z1
	VMULPS Z0, Z2, Z2
	VMULPS Z0, Z3, Z3
	VMULPS Z0, Z4, Z4
	VMOVUPS Z1, (DI)
	VMOVUPS Z2, 64(DI)
	VMOVUPS Z3, 128(DI)
	VMOVUPS Z4, 192(DI)
	ADDQ $64, SI
	ADDQ $256, DI
	DECQ AX
	JNZ expand4
	SUBQ $64, CX
	JNZ expandblock
	VZEROUPPER
	RET
