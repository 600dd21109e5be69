//go:build !purego

#include "textflag.h"

// Constants, eight times each so that they can be memory operands.
#define EIGHT(name, v) \
	DATA name<>+0(SB)/4, v; \
	DATA name<>+4(SB)/4, v; \
	DATA name<>+8(SB)/4, v; \
	DATA name<>+12(SB)/4, v; \
	DATA name<>+16(SB)/4, v; \
	DATA name<>+20(SB)/4, v; \
	DATA name<>+24(SB)/4, v; \
	DATA name<>+28(SB)/4, v; \
	GLOBL name<>(SB), RODATA|NOPTR, $32

EIGHT(log2e, $0x3fb8aa3b)      // 1.44269504
EIGHT(ln2hi, $0x3f318000)      // 0.693359375
EIGHT(ln2lo, $0xb95e8083)      // -2.12194440e-4
EIGHT(lowest, $0xc2ae0000)     // -87
EIGHT(one, $0x3f800000)        // 1
EIGHT(half, $0x3f000000)       // 1/2
EIGHT(inv6, $0x3e2aaaab)       // 1/6
EIGHT(inv24, $0x3d2aaaab)      // 1/24
EIGHT(inv120, $0x3c088889)     // 1/120
EIGHT(inv720, $0x3ab60b61)     // 1/720
EIGHT(absmask, $0x7fffffff)
EIGHT(erfp, $0x3e6d3388)       // 0.3275911 / sqrt(2)
EIGHT(erf1, $0x3e027906)       // 0.254829592 / 2
EIGHT(erf2, $0xbe11a98e)       // -0.284496736 / 2
EIGHT(erf3, $0x3f35f0e3)       // 1.421413741 / 2
EIGHT(erf4, $0xbf3a00e3)       // -1.453152027 / 2
EIGHT(erf5, $0x3f07dc22)       // 1.061405429 / 2

// tailmask+4*(8-n) holds n words of ones, then zeros.
DATA tailmask<>+0(SB)/8, $-1
DATA tailmask<>+8(SB)/8, $-1
DATA tailmask<>+16(SB)/8, $-1
DATA tailmask<>+24(SB)/8, $-1
DATA tailmask<>+32(SB)/8, $0
DATA tailmask<>+40(SB)/8, $0
DATA tailmask<>+48(SB)/8, $0
DATA tailmask<>+56(SB)/8, $0
GLOBL tailmask<>(SB), RODATA|NOPTR, $64

// SUM8 adds up the eight values of y into the lowest of its lower half x.
#define SUM8(x, y, tx) \
	VEXTRACTF128 $1, y, tx; \
	VADDPS tx, x, x; \
	VMOVHLPS x, x, tx; \
	VADDPS tx, x, x; \
	VMOVSHDUP x, tx; \
	VADDSS tx, x, x

// EXP replaces the eight values of Y0 by their exponentials, for values up to
// 88; see exp32 in generic.go. It uses Y1 and Y2, and expects in Y9 to Y15
// 1/24, 1/120, 1/720, log2 e, the two parts of ln 2 and 1.
#define EXP \
	VMAXPS lowest<>(SB), Y0, Y0; \
	VMULPS Y12, Y0, Y1; \
	VROUNDPS $0, Y1, Y1; \
	VFNMADD231PS Y13, Y1, Y0; \
	VFNMADD231PS Y14, Y1, Y0; \
	VCVTPS2DQ Y1, Y1; \
	VMOVAPS Y11, Y2; \
	VFMADD213PS Y10, Y0, Y2; \
	VFMADD213PS Y9, Y0, Y2; \
	VFMADD213PS inv6<>(SB), Y0, Y2; \
	VFMADD213PS half<>(SB), Y0, Y2; \
	VFMADD213PS Y15, Y0, Y2; \
	VFMADD213PS Y15, Y0, Y2; \
	VPSLLD $23, Y1, Y1; \
	VPADDD Y1, Y2, Y0

#define EXPCONSTANTS \
	VMOVUPS inv24<>(SB), Y9; \
	VMOVUPS inv120<>(SB), Y10; \
	VMOVUPS inv720<>(SB), Y11; \
	VMOVUPS log2e<>(SB), Y12; \
	VMOVUPS ln2hi<>(SB), Y13; \
	VMOVUPS ln2lo<>(SB), Y14; \
	VMOVUPS one<>(SB), Y15

// func dotAVX2(a, b *float32, n int) float32
// n is a multiple of 8 above 0.
TEXT ·dotAVX2(SB), NOSPLIT, $0-28
	MOVQ a+0(FP), SI
	MOVQ b+8(FP), DI
	MOVQ n+16(FP), CX
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3
	SUBQ $32, CX
	JLT dot8start

dot32:
	VMOVUPS (SI), Y4
	VMOVUPS 32(SI), Y5
	VMOVUPS 64(SI), Y6
	VMOVUPS 96(SI), Y7
	VFMADD231PS (DI), Y4, Y0
	VFMADD231PS 32(DI), Y5, Y1
	VFMADD231PS 64(DI), Y6, Y2
	VFMADD231PS 96(DI), Y7, Y3
	ADDQ $128, SI
	ADDQ $128, DI
	SUBQ $32, CX
	JGE dot32

dot8start:
	ADDQ $32, CX
	JZ dotsum

dot8:
	VMOVUPS (SI), Y4
	VFMADD231PS (DI), Y4, Y0
	ADDQ $32, SI
	ADDQ $32, DI
	SUBQ $8, CX
	JNZ dot8

dotsum:
	VADDPS Y1, Y0, Y0
	VADDPS Y3, Y2, Y2
	VADDPS Y2, Y0, Y0
	SUM8(X0, Y0, X1)
	VMOVSS X0, ret+24(FP)
	VZEROUPPER
	RET

// func dotRowsAVX2(out, q, rows *float32, n, stride, count int)
// Four rows at a time: count is a multiple of 4 above 0, n one of 8 above 0;
// stride is counted in values.
TEXT ·dotRowsAVX2(SB), NOSPLIT, $0-48
	MOVQ out+0(FP), DX
	MOVQ rows+16(FP), DI
	MOVQ n+24(FP), R10
	SHLQ $2, R10
	MOVQ stride+32(FP), AX
	SHLQ $2, AX
	MOVQ count+40(FP), R11
	LEAQ (AX)(AX*2), BX

rows4:
	MOVQ q+8(FP), SI
	MOVQ DI, R8
	MOVQ R10, CX
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3
	VXORPS Y4, Y4, Y4
	VXORPS Y5, Y5, Y5
	VXORPS Y6, Y6, Y6
	VXORPS Y7, Y7, Y7
	SUBQ $64, CX
	JLT rowslast

rows16:
	VMOVUPS (SI), Y8
	VMOVUPS 32(SI), Y9
	VFMADD231PS (R8), Y8, Y0
	VFMADD231PS (R8)(AX*1), Y8, Y1
	VFMADD231PS (R8)(AX*2), Y8, Y2
	VFMADD231PS (R8)(BX*1), Y8, Y3
	VFMADD231PS 32(R8), Y9, Y4
	VFMADD231PS 32(R8)(AX*1), Y9, Y5
	VFMADD231PS 32(R8)(AX*2), Y9, Y6
	VFMADD231PS 32(R8)(BX*1), Y9, Y7
	ADDQ $64, SI
	ADDQ $64, R8
	SUBQ $64, CX
	JGE rows16

rowslast:
	ADDQ $64, CX
	JZ rowssum
	VMOVUPS (SI), Y8
	VFMADD231PS (R8), Y8, Y0
	VFMADD231PS (R8)(AX*1), Y8, Y1
	VFMADD231PS (R8)(AX*2), Y8, Y2
	VFMADD231PS (R8)(BX*1), Y8, Y3

rowssum:
	VADDPS Y4, Y0, Y0
	VADDPS Y5, Y1, Y1
	VADDPS Y6, Y2, Y2
	VADDPS Y7, Y3, Y3
	VHADDPS Y1, Y0, Y0
	VHADDPS Y3, Y2, Y2
	VHADDPS Y2, Y0, Y0
	VEXTRACTF128 $1, Y0, X1
	VADDPS X1, X0, X0
	VMOVUPS X0, (DX)
	ADDQ $16, DX
	LEAQ (DI)(AX*4), DI
	SUBQ $4, R11
	JNZ rows4
	VZEROUPPER
	RET

// STEP multiplies six values of A, at off, by sixteen of B, at offb.
#define STEP(off, offb) \
	VMOVUPS offb(DI), Y0; \
	VMOVUPS offb+32(DI), Y1; \
	VBROADCASTSS off(R8), Y2; \
	VBROADCASTSS off(R8)(AX*1), Y3; \
	VFMADD231PS Y0, Y2, Y4; \
	VFMADD231PS Y1, Y2, Y5; \
	VBROADCASTSS off(R8)(AX*2), Y2; \
	VFMADD231PS Y0, Y3, Y6; \
	VFMADD231PS Y1, Y3, Y7; \
	VBROADCASTSS off(R9), Y3; \
	VFMADD231PS Y0, Y2, Y8; \
	VFMADD231PS Y1, Y2, Y9; \
	VBROADCASTSS off(R9)(AX*1), Y2; \
	VFMADD231PS Y0, Y3, Y10; \
	VFMADD231PS Y1, Y3, Y11; \
	VBROADCASTSS off(R9)(AX*2), Y3; \
	VFMADD231PS Y0, Y2, Y12; \
	VFMADD231PS Y1, Y2, Y13; \
	VFMADD231PS Y0, Y3, Y14; \
	VFMADD231PS Y1, Y3, Y15

// func mulTileAVX2(c *float32, ldc int, init *float32, ldi int, a *float32, lda int, b *float32, k int)
// Y4 to Y15 are the sums: row r in Y(4+2r) and Y(5+2r).
TEXT ·mulTileAVX2(SB), NOSPLIT, $0-64
	MOVQ init+16(FP), SI
	MOVQ ldi+24(FP), BX
	SHLQ $2, BX
	LEAQ (SI)(BX*2), DX
	ADDQ BX, DX
	VMOVUPS (SI), Y4
	VMOVUPS 32(SI), Y5
	VMOVUPS (SI)(BX*1), Y6
	VMOVUPS 32(SI)(BX*1), Y7
	VMOVUPS (SI)(BX*2), Y8
	VMOVUPS 32(SI)(BX*2), Y9
	VMOVUPS (DX), Y10
	VMOVUPS 32(DX), Y11
	VMOVUPS (DX)(BX*1), Y12
	VMOVUPS 32(DX)(BX*1), Y13
	VMOVUPS (DX)(BX*2), Y14
	VMOVUPS 32(DX)(BX*2), Y15

	MOVQ a+32(FP), R8
	MOVQ lda+40(FP), AX
	SHLQ $2, AX
	LEAQ (R8)(AX*2), R9
	ADDQ AX, R9
	MOVQ b+48(FP), DI
	MOVQ k+56(FP), CX
	SUBQ $4, CX
	JLT tilelast

tile4:
	STEP(0, 0)
	STEP(4, 64)
	STEP(8, 128)
	STEP(12, 192)
	ADDQ $16, R8
	ADDQ $16, R9
	ADDQ $256, DI
	SUBQ $4, CX
	JGE tile4

tilelast:
	ADDQ $4, CX
	JZ tilestore

tile1:
	STEP(0, 0)
	ADDQ $4, R8
	ADDQ $4, R9
	ADDQ $64, DI
	DECQ CX
	JNZ tile1

tilestore:
	MOVQ c+0(FP), SI
	MOVQ ldc+8(FP), BX
	SHLQ $2, BX
	LEAQ (SI)(BX*2), DX
	ADDQ BX, DX
	VMOVUPS Y4, (SI)
	VMOVUPS Y5, 32(SI)
	VMOVUPS Y6, (SI)(BX*1)
	VMOVUPS Y7, 32(SI)(BX*1)
	VMOVUPS Y8, (SI)(BX*2)
	VMOVUPS Y9, 32(SI)(BX*2)
	VMOVUPS Y10, (DX)
	VMOVUPS Y11, 32(DX)
	VMOVUPS Y12, (DX)(BX*1)
	VMOVUPS Y13, 32(DX)(BX*1)
	VMOVUPS Y14, (DX)(BX*2)
	VMOVUPS Y15, 32(DX)(BX*2)
	VZEROUPPER
	RET

// STEP4 is STEP for four rows.
#define STEP4(off, offb) \
	VMOVUPS offb(DI), Y0; \
	VMOVUPS offb+32(DI), Y1; \
	VBROADCASTSS off(R8), Y2; \
	VBROADCASTSS off(R8)(AX*1), Y3; \
	VFMADD231PS Y0, Y2, Y4; \
	VFMADD231PS Y1, Y2, Y5; \
	VBROADCASTSS off(R8)(AX*2), Y2; \
	VFMADD231PS Y0, Y3, Y6; \
	VFMADD231PS Y1, Y3, Y7; \
	VBROADCASTSS off(R8)(R9*1), Y3; \
	VFMADD231PS Y0, Y2, Y8; \
	VFMADD231PS Y1, Y2, Y9; \
	VFMADD231PS Y0, Y3, Y10; \
	VFMADD231PS Y1, Y3, Y11

// func mulTile4AVX2(c *float32, ldc int, init *float32, ldi int, a *float32, lda int, b *float32, k int)
// Four rows instead of six: row r in Y(4+2r) and Y(5+2r).
TEXT ·mulTile4AVX2(SB), NOSPLIT, $0-64
	MOVQ init+16(FP), SI
	MOVQ ldi+24(FP), BX
	SHLQ $2, BX
	LEAQ (BX)(BX*2), DX
	VMOVUPS (SI), Y4
	VMOVUPS 32(SI), Y5
	VMOVUPS (SI)(BX*1), Y6
	VMOVUPS 32(SI)(BX*1), Y7
	VMOVUPS (SI)(BX*2), Y8
	VMOVUPS 32(SI)(BX*2), Y9
	VMOVUPS (SI)(DX*1), Y10
	VMOVUPS 32(SI)(DX*1), Y11

	MOVQ a+32(FP), R8
	MOVQ lda+40(FP), AX
	SHLQ $2, AX
	LEAQ (AX)(AX*2), R9
	MOVQ b+48(FP), DI
	MOVQ k+56(FP), CX
	SUBQ $4, CX
	JLT narrowlast

narrow4:
	STEP4(0, 0)
	STEP4(4, 64)
	STEP4(8, 128)
	STEP4(12, 192)
	ADDQ $16, R8
	ADDQ $256, DI
	SUBQ $4, CX
	JGE narrow4

narrowlast:
	ADDQ $4, CX
	JZ narrowstore

narrow1:
	STEP4(0, 0)
	ADDQ $4, R8
	ADDQ $64, DI
	DECQ CX
	JNZ narrow1

narrowstore:
	MOVQ c+0(FP), SI
	MOVQ ldc+8(FP), BX
	SHLQ $2, BX
	LEAQ (BX)(BX*2), DX
	VMOVUPS Y4, (SI)
	VMOVUPS Y5, 32(SI)
	VMOVUPS Y6, (SI)(BX*1)
	VMOVUPS Y7, 32(SI)(BX*1)
	VMOVUPS Y8, (SI)(BX*2)
	VMOVUPS Y9, 32(SI)(BX*2)
	VMOVUPS Y10, (SI)(DX*1)
	VMOVUPS Y11, 32(SI)(DX*1)
	VZEROUPPER
	RET

// EXPAND turns sixteen weights at i of SI into float32 at DI.
#define EXPAND(i) \
	VPMOVSXBD i*16(SI), Y2; \
	VPMOVSXBD i*16+8(SI), Y3; \
	VCVTDQ2PS Y2, Y2; \
	VCVTDQ2PS Y3, Y3; \
	VMULPS Y0, Y2, Y2; \
	VMULPS Y1, Y3, Y3; \
	VMOVUPS Y2, i*64(DI); \
	VMOVUPS Y3, i*64+32(DI)

// func expandAVX2(dst *float32, q *int8, scales *float32, k int)
// k is a multiple of 64 above 0. As many weights again are fetched from memory
// ahead of use, since the next panel's lie there: they arrive while this panel
// is multiplied, and a pass of 12 tokens takes 2.5 ms instead of 3.2.
TEXT ·expandAVX2(SB), NOSPLIT, $0-32
	MOVQ dst+0(FP), DI
	MOVQ q+8(FP), SI
	MOVQ scales+16(FP), DX
	MOVQ k+24(FP), CX
	MOVQ CX, R8
	SHLQ $4, R8

expandblock:
	VMOVUPS (DX), Y0
	VMOVUPS 32(DX), Y1
	ADDQ $64, DX
	MOVQ $16, AX

expand4:
	PREFETCHT0 (SI)(R8*1)
	EXPAND(0)
	EXPAND(1)
	EXPAND(2)
	EXPAND(3)
	ADDQ $64, SI
	ADDQ $256, DI
	DECQ AX
	JNZ expand4
	SUBQ $64, CX
	JNZ expandblock
	VZEROUPPER
	RET

// func expSumAVX2(x *float32, n int) float32
// Y7 is the largest value, then its eight copies; Y8 the sum; Y6 the mask of
// the values beyond the last eight.
TEXT ·expSumAVX2(SB), NOSPLIT, $0-20
	MOVQ x+0(FP), SI
	MOVQ n+8(FP), BX
	MOVQ BX, R8
	ANDQ $7, R8
	MOVQ $8, AX
	SUBQ R8, AX
	LEAQ tailmask<>(SB), DX
	VMOVUPS (DX)(AX*4), Y6
	SHRQ $3, BX

	VBROADCASTSS (SI), Y7
	MOVQ SI, DI
	MOVQ BX, CX
	TESTQ CX, CX
	JZ maxtail

max8:
	VMAXPS (DI), Y7, Y7
	ADDQ $32, DI
	DECQ CX
	JNZ max8

maxtail:
	TESTQ R8, R8
	JZ maxall
	VMASKMOVPS (DI), Y6, Y0
	VBLENDVPS Y6, Y0, Y7, Y0
	VMAXPS Y0, Y7, Y7

maxall:
	VEXTRACTF128 $1, Y7, X0
	VMAXPS X0, X7, X7
	VMOVHLPS X7, X7, X0
	VMAXPS X0, X7, X7
	VMOVSHDUP X7, X0
	VMAXSS X0, X7, X7
	VBROADCASTSS X7, Y7

	EXPCONSTANTS
	VXORPS Y8, Y8, Y8
	TESTQ BX, BX
	JZ exptail

exp8:
	VMOVUPS (SI), Y0
	VSUBPS Y7, Y0, Y0
	EXP
	VMOVUPS Y0, (SI)
	VADDPS Y0, Y8, Y8
	ADDQ $32, SI
	DECQ BX
	JNZ exp8

exptail:
	TESTQ R8, R8
	JZ expdone
	VMASKMOVPS (SI), Y6, Y0
	VSUBPS Y7, Y0, Y0
	VANDPS Y6, Y0, Y0
	EXP
	VMASKMOVPS Y0, Y6, (SI)
	VANDPS Y6, Y0, Y0
	VADDPS Y0, Y8, Y8

expdone:
	SUM8(X8, Y8, X0)
	VMOVSS X8, ret+16(FP)
	VZEROUPPER
	RET

// func geluAVX2(x *float32, n int)
// n is a multiple of 8 above 0. With q = erfc(|x|/sqrt 2) / 2, GELU is
// max(x, 0) - |x| q; q = t (e1 + t (e2 + t (e3 + t (e4 + t e5)))) exp(-x*x/2)
// with t = 1 / (1 + p |x|), formula 7.1.26 of Abramowitz and Stegun, which is
// right to 1.5e-7.
TEXT ·geluAVX2(SB), NOSPLIT, $0-16
	MOVQ x+0(FP), SI
	MOVQ n+8(FP), CX
	EXPCONSTANTS
	VXORPS Y8, Y8, Y8

gelu8:
	VMOVUPS (SI), Y3
	VANDPS absmask<>(SB), Y3, Y4
	VMOVUPS erfp<>(SB), Y5
	VFMADD213PS Y15, Y4, Y5
	VDIVPS Y5, Y15, Y5
	VMULPS half<>(SB), Y3, Y0
	VMULPS Y3, Y0, Y0
	VSUBPS Y0, Y8, Y0
	EXP
	VMOVUPS erf5<>(SB), Y6
	VFMADD213PS erf4<>(SB), Y5, Y6
	VFMADD213PS erf3<>(SB), Y5, Y6
	VFMADD213PS erf2<>(SB), Y5, Y6
	VFMADD213PS erf1<>(SB), Y5, Y6
	VMULPS Y5, Y6, Y6
	VMULPS Y0, Y6, Y6
	VMAXPS Y8, Y3, Y3
	VFNMADD231PS Y4, Y6, Y3
	VMOVUPS Y3, (SI)
	ADDQ $32, SI
	SUBQ $8, CX
	JNZ gelu8
	VZEROUPPER
	RET

// func addNormAVX2(x, add, weight, bias *float32, n int, epsilon float32)
// One row; n is a multiple of 16 above 0. Y14 is the mean, Y15 the inverse of
// the deviation.
TEXT ·addNormAVX2(SB), NOSPLIT, $0-44
	MOVQ x+0(FP), DI
	MOVQ add+8(FP), SI
	MOVQ n+32(FP), CX
	SHLQ $2, CX
	VCVTSI2SSQ n+32(FP), X13, X13
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	XORQ AX, AX

normsum:
	VMOVUPS (DI)(AX*1), Y2
	VMOVUPS 32(DI)(AX*1), Y3
	VADDPS (SI)(AX*1), Y2, Y2
	VADDPS 32(SI)(AX*1), Y3, Y3
	VMOVUPS Y2, (DI)(AX*1)
	VMOVUPS Y3, 32(DI)(AX*1)
	VADDPS Y2, Y0, Y0
	VADDPS Y3, Y1, Y1
	ADDQ $64, AX
	CMPQ AX, CX
	JLT normsum
	VADDPS Y1, Y0, Y0
	SUM8(X0, Y0, X1)
	VDIVSS X13, X0, X0
	VBROADCASTSS X0, Y14

	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	XORQ AX, AX

normsquare:
	VMOVUPS (DI)(AX*1), Y2
	VMOVUPS 32(DI)(AX*1), Y3
	VSUBPS Y14, Y2, Y2
	VSUBPS Y14, Y3, Y3
	VFMADD231PS Y2, Y2, Y0
	VFMADD231PS Y3, Y3, Y1
	ADDQ $64, AX
	CMPQ AX, CX
	JLT normsquare
	VADDPS Y1, Y0, Y0
	SUM8(X0, Y0, X1)
	VDIVSS X13, X0, X0
	VADDSS epsilon+40(FP), X0, X0
	VSQRTSS X0, X0, X0
	VMOVSS one<>(SB), X1
	VDIVSS X0, X1, X0
	VBROADCASTSS X0, Y15

	MOVQ weight+16(FP), R8
	MOVQ bias+24(FP), R9
	XORQ AX, AX

normscale:
	VMOVUPS (DI)(AX*1), Y2
	VMOVUPS 32(DI)(AX*1), Y3
	VSUBPS Y14, Y2, Y2
	VSUBPS Y14, Y3, Y3
	VMULPS Y15, Y2, Y2
	VMULPS Y15, Y3, Y3
	VMOVUPS (R9)(AX*1), Y0
	VMOVUPS 32(R9)(AX*1), Y1
	VFMADD231PS (R8)(AX*1), Y2, Y0
	VFMADD231PS 32(R8)(AX*1), Y3, Y1
	VMOVUPS Y0, (DI)(AX*1)
	VMOVUPS Y1, 32(DI)(AX*1)
	ADDQ $64, AX
	CMPQ AX, CX
	JLT normscale
	VZEROUPPER
	RET
