/// Forms of tokens as their vendors document them, or as published rules for secret scanners describe them.
enum TokenRules {
    static let all = aToF + gToM + nToR + sToZ

    /// Whether a value begins as some vendor's tokens do. Such a value is judged by that vendor's form alone.
    static func isPrefixed(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
        prefixes.contains { prefix in
            value.count >= prefix.count && zip(prefix, value).allSatisfy { $0 == Byte.lowercased($1) }
        }
    }

    private static let prefixes = all.flatMap(\.shapes).map(\.anchor)
        .filter { $0.offset == 0 && $0.literal.count >= 4 && $0.literal.contains { !Byte.isAlphanumeric($0) } }
        .map(\.literal)

    static let aToF: [TokenRule] = [
        TokenRule(
            "1password-secret-key", "A3-[A-Z0-9]{6}-[A-Z0-9]{11}-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}",
            "A3-[A-Z0-9]{6}-[A-Z0-9]{6}-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}", entropy: 3.2),
        TokenRule("1password-service-account-token", "ops_eyJ[A-Za-z0-9+/]{250,4000}={0,3}"),
        TokenRule("adobe-client-secret", "p8e-[a-z0-9]{32}", ignoringCase: true),
        // Keys of zeros are bech32 too: the checksum is not asked for, as damaged keys are still most of a key.
        TokenRule("age-secret-key", "AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}", entropy: 0),
        TokenRule("airtable-personal-access-token", "pat[A-Za-z0-9]{14}\\.\\h{64}"),
        TokenRule("alibaba-access-key-id", "LTAI[A-Za-z0-9]{20}"),
        TokenRule("anthropic-api-key", "sk-ant-[a-z]{3}\\d{2}-[A-Za-z0-9_-]{93}AA"),
        TokenRule("anthropic-admin-api-key", "sk-ant-admin\\d{2}-[A-Za-z0-9_-]{93}AA"),
        TokenRule("artifactory-api-key", "AKCp[A-Za-z0-9]{69}", entropy: 3.5),
        TokenRule("artifactory-reference-token", "cmVmd[A-Za-z0-9]{59}", entropy: 3.5),
        TokenRule("atlassian-api-token", "ATATT3[A-Za-z0-9_=-]{186}", entropy: 3.5),
        TokenRule(
            "authress-service-client-access-key",
            "sc_[A-Za-z0-9]{5,30}\\.[A-Za-z0-9]{4,6}\\.acc[_-][A-Za-z0-9-]{10,32}\\.[A-Za-z0-9+/_=-]{30,120}",
            "ext_[A-Za-z0-9]{5,30}\\.[A-Za-z0-9]{4,6}\\.acc[_-][A-Za-z0-9-]{10,32}\\.[A-Za-z0-9+/_=-]{30,120}",
            "scauth_[A-Za-z0-9]{5,30}\\.[A-Za-z0-9]{4,6}\\.acc[_-][A-Za-z0-9-]{10,32}\\.[A-Za-z0-9+/_=-]{30,120}",
            "authress_[A-Za-z0-9]{5,30}\\.[A-Za-z0-9]{4,6}\\.acc[_-][A-Za-z0-9-]{10,32}\\.[A-Za-z0-9+/_=-]{30,120}"),
        TokenRule(
            "aws-access-key-id", "AKIA[A-Z2-7]{16}", "ASIA[A-Z2-7]{16}", "ABIA[A-Z2-7]{16}", "ACCA[A-Z2-7]{16}",
            "A3T[A-Z0-9][A-Z2-7]{16}", entropy: 3),
        TokenRule(
            "aws-bedrock-api-key", "ABSK[A-Za-z0-9+/]{109,269}={0,2}",
            "bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t[A-Za-z0-9+/=_-]{0,4000}"),
        TokenRule(
            "azure-ad-client-secret", "[A-Za-z0-9_~.]{3}\\dQ~[A-Za-z0-9_~.-]{31,34}", entropy: 3, ending: .delimiter),
        TokenRule("clickhouse-cloud-api-secret-key", "4b1d[A-Za-z0-9]{38}", entropy: 3),
        TokenRule("clojars-api-token", "CLOJARS_[a-z0-9]{60}", ignoringCase: true),
        TokenRule("cloudflare-origin-ca-key", "v1\\.0-\\h{24}-\\h{146}"),
        TokenRule("databricks-api-token", "dapi\\h{32}-?\\d?", entropy: 3),
        TokenRule("defined-networking-api-token", "dnkey-[a-z0-9=_-]{26}-[a-z0-9=_-]{52}", ignoringCase: true),
        TokenRule("digitalocean-token", "dop_v1_\\h{64}", "doo_v1_\\h{64}", "dor_v1_\\h{64}", entropy: 3),
        TokenRule("discord-webhook", "discord\\.com/api/webhooks/\\d{17,20}/[A-Za-z0-9_-]{60,80}"),
        TokenRule(
            "docker-token", "dckr_pat_[A-Za-z0-9_-]{27}", "dckr_oat_[A-Za-z0-9_-]{32}", entropy: 3),
        TokenRule(
            "doppler-token", "dp\\.pt\\.[A-Za-z0-9]{40,44}", "dp\\.ct\\.[A-Za-z0-9]{40,44}",
            "dp\\.sa\\.[A-Za-z0-9]{40,44}", "dp\\.scim\\.[A-Za-z0-9]{40,44}", "dp\\.audit\\.[A-Za-z0-9]{40,44}"),
        TokenRule(
            "duffel-api-token", "duffel_test_[a-z0-9_=-]{43}", "duffel_live_[a-z0-9_=-]{43}", ignoringCase: true),
        TokenRule(
            "dynatrace-api-token", "dt0c01\\.[A-Za-z0-9]{24}\\.[A-Za-z0-9]{64}",
            "dt0s01\\.[A-Za-z0-9]{24}\\.[A-Za-z0-9]{64}", entropy: 3.5),
        TokenRule("easypost-api-token", "EZAK[A-Za-z0-9]{54}", "EZTK[A-Za-z0-9]{54}"),
        TokenRule("facebook-page-access-token", "EAA[MC][A-Za-z0-9]{100,1000}", entropy: 4),
        TokenRule(
            "flutterwave-key", "FLWSECK_TEST-[a-h0-9]{12}", "FLWSECK_TEST-[a-h0-9]{32}-X",
            "FLWPUBK_TEST-[a-h0-9]{32}-X", "FLWSECK-[a-h0-9]{32}-X", "FLWPUBK-[a-h0-9]{32}-X", ignoringCase: true),
        TokenRule(
            "flyio-access-token", "fo1_[A-Za-z0-9_-]{43}", "fm1[ar]_[A-Za-z0-9+/]{100,3000}={0,3}",
            "fm2_[A-Za-z0-9+/]{100,3000}={0,3}", entropy: 4),
        TokenRule("frameio-api-token", "fio-u-[a-z0-9_=-]{64}", ignoringCase: true),
    ]
}
