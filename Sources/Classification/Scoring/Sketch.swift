/// A shorter form of vectors whose products are near those of the whole ones: numbers are added up in a third as many
/// places, with signs that look like chance and are always the same (a count sketch: Charikar, Chen, Farach-Colton 2002).
struct Sketch: Sendable {
    /// How many numbers a sketch has; a multiple of 64.
    let width: Int
    private let signs: [Float]

    init(of dimensions: Int) {
        width = max(64, (dimensions / 3 + 63) / 64 * 64)
        var state: UInt64 = 0x5EED
        signs = (0..<dimensions).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 63 == 0 ? 1 : -1
        }
    }

    func values(_ vector: UnsafePointer<Float>) -> [Float] {
        [Float](unsafeUninitializedCapacity: width) { sketch, count in
            sketch.initialize(repeating: 0)
            signs.withUnsafeBufferPointer { signs in
                for start in stride(from: 0, to: signs.count, by: width) {
                    for place in 0..<min(width, signs.count - start) {
                        sketch[place] += vector[start + place] * signs[start + place]
                    }
                }
            }
            count = width
        }
    }

    func rows(_ rows: FloatRows) -> FloatRows {
        let sketches = FloatRows(count: rows.count, dimensions: width)
        for row in 0..<rows.count { sketches.set(row, values(rows.row(row))) }
        return sketches
    }
}
