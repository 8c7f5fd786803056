/// Addresses of Bitcoin and its kin (base58 with a check, bech32), and of Ethereum.
enum CryptoAddress {
    static let detector = Detector(
        "crypto-address", .personal, confidence: Confidence.certain,
        [
            .word(WordForm(lengths: 26...90)) { text, hit, report in
                guard !Byte.isWord(text[hit.lowerBound - 1]),
                    text[hit.upperBound] != UInt8(ascii: "_")
                else { return }
                let bytes = text.bytes(hit)
                guard isBase58(bytes) || isBech32(bytes) || isEthereum(bytes) else { return }
                report.add(hit)
            }
        ])

    private static let base58: [Int8] = digits("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz")
    private static let bech32: [Int8] = digits("qpzry9x8gf2tvdw0s3jn54khce6mua7l")

    private static func digits(_ alphabet: String) -> [Int8] {
        var values = [Int8](repeating: -1, count: 256)
        for (value, byte) in alphabet.utf8.enumerated() { values[Int(byte)] = Int8(value) }
        return values
    }

    /// 25 bytes: a version, a hash, and the first four bytes of its hash's hash.
    private static func isBase58(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard bytes.count <= 35 else { return false }
        var number = [UInt8](repeating: 0, count: 25)
        for byte in bytes {
            var carry = Int(base58[Int(byte)])
            guard carry >= 0 else { return false }
            for index in number.indices.reversed() {
                carry += Int(number[index]) * 58
                number[index] = UInt8(truncatingIfNeeded: carry)
                carry >>= 8
            }
            guard carry == 0 else { return false }
        }
        return SHA256.hash(SHA256.hash(Array(number[..<21]))).prefix(4).elementsEqual(number[21...])
    }

    /// Bech32 and bech32m (BIP 173, BIP 350) under the names of the chains that use them.
    private static func isBech32(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let separator = bytes.lastIndex(of: UInt8(ascii: "1")), (2...4).contains(separator),
            bytes.count - separator > 7, names.contains(bytes[..<separator].map(Byte.lowercased))
        else { return false }
        var check: UInt32 = 1
        func add(_ value: UInt8) {
            let top = check >> 25
            check = (check & 0x1FF_FFFF) << 5 ^ UInt32(value)
            let generators: [UInt32] = [0x3B6A_57B2, 0x2650_8E6D, 0x1EA1_19FA, 0x3D42_33DD, 0x2A14_62B3]
            for (bit, generator) in generators.enumerated() where top >> UInt32(bit) & 1 == 1 { check ^= generator }
        }
        let name = bytes[..<separator].map(Byte.lowercased)
        for byte in name { add(byte >> 5) }
        add(0)
        for byte in name { add(byte & 31) }
        for byte in bytes[(separator + 1)...] {
            let value = bech32[Int(Byte.lowercased(byte))]
            guard value >= 0 else { return false }
            add(UInt8(value))
        }
        return check == 1 || check == 0x2BC8_30A3
    }

    private static let names = ["bc", "tb", "bcrt", "ltc", "tltc"].map { Array($0.utf8) }

    /// 0x and forty hexadecimal digits.
    private static func isEthereum(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        bytes.count == 42 && bytes[0] == UInt8(ascii: "0") && bytes[1] == UInt8(ascii: "x")
            && bytes[2...].allSatisfy(Byte.isHex)
    }
}
