import OrchCore
import OrchReceipts

/// The specification's signed note, its key, and its proof file: made by other software.
enum NoteSample {
    static let text = "example.com/receipts\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n"
    static let logLine =
        "\u{2014} example.com/receipts 5fH5XRHWS0/EYi0Nizoi7xfAojxMT8my8K46EqkHGXBr1udiEpXVslFexPoIZCUk0cqOGrp9VbncwPoRH1oxAj1h7gk=\n"
    static let witnessLine =
        "\u{2014} witness.example/w1 BNLYMwAAAABkGFDLczz+lYoiNQE/Vyu123HVePS7Ud8HXwnx71BCWM+S3oNI4bGLUlnc6xdVI7C8G3rpbOj31f9Wm5ebGMW/9/Y8BQ==\n"
    static let note = text + "\n" + logLine + witnessLine
    static let key = "example.com/receipts+e5f1f95d+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea"
    static let proof =
        """
        c2sp.org/tlog-proof@v1
        index 5
        vBoGQ7EuTS18d5GPROD095qDi2z57FtcKD4fTYhZnms=
        yoVOoSjtBQtBs1/8G4e46yveRh6eO1WW7Oa51ZdaCuA=
        037kGJdt2VdTwcc4Yrk5j6Kiz5tP8P3+izDNlSCWFLc=


        """ + note
    static let leaf: [UInt8] = [0x40, 0x41, 0x42, 0x43]
}

/// A text with one bit of one byte changed; nil where that is no text any more, and cannot be read as one.
func flip(bit: Int, ofByte place: Int, in text: String) -> String? {
    var bytes = Array(text.utf8)
    bytes[place] ^= 1 << UInt8(bit)
    return String(validating: bytes, as: UTF8.self)
}

extension VerifierKey {
    /// The key of type 4 with the same public key, in its text form.
    func cosigner(named name: String) throws -> VerifierKey {
        let parts = description.split(separator: "+", maxSplits: 2)
        var bytes = Base64.decode(parts[2]) ?? []
        bytes[0] = 0x04
        let identity = MerkleHash.sha256(of: Array(name.utf8), [0x0A], bytes).bytes[..<4]
        return try VerifierKey(parsing: "\(name)+\(Hexadecimal.encode(identity))+\(Base64.encode(bytes))")
    }
}

/// Why something was refused; nil where it was not.
func refusal<Value>(_ body: () throws -> Value) -> NoteError.Code? {
    do {
        _ = try body()
        return nil
    } catch {
        return (error as? NoteError)?.code
    }
}
