### `models` 与 `models show`。

models-size = 规模
models-active = 激活
models-licence = 许可证
models-legend =
    B：参数量，以十亿计；激活：每个 token 读取的参数量。Q4_K_M：4 比特的权重大小。AIME 2024、MATH-500 和 GPQA Diamond：公布的一次作答正确率，百分比；没有公布的写 –。
models-next = 某个模型的全部信息和来源：r1-advisor models show 70b

models-part = 类别
models-what = 项目
models-value = 值
models-source = 来源

models-model = 模型
models-id = id
models-aliases = 别名
models-origin = 来历
models-original = DeepSeek-R1 本身，由 { $base } 训练而来
models-distill = { $base }，用 DeepSeek-R1 的回答微调而成
models-repository = 原始权重
models-released = 发布日期

models-shape = 结构
models-parameters = 参数量
models-parameter-count = { $all }B（{ $exact }）；每个 token 读取 { $active }B
models-layers = 层
models-layer-count = { $layers } 层，隐藏维度 { $hidden }，词表 { $vocabulary }
models-attention = 注意力
models-attention-grouped = { $heads } 个头，每个 { $size } 维，共用 { $groups } 组 K 和 V（GQA）
models-attention-latent = { $heads } 个头共读一个 { $rank } 维潜向量，每 token 另有 { $rotary } 个旋转位置值（MLA）
models-feed-forward = 前馈
models-feed-forward-dense = 宽 { $width }
models-feed-forward-experts = { $experts } 个专家，各宽 { $width }，每 token 用 { $used } 个，另有共享专家 { $shared } 个；前 { $dense } 层为稠密层
models-context = 上下文
models-context-tokens = { $tokens } token
models-context-stretched = { $tokens } token，由 { $original } 扩展而来
models-context-yarn = { $tokens } token，用 YaRN 由 { $original } 扩展而来

models-sampling = 采样
models-temperature = 温度
models-longest-answer = 最长回答
models-longest-answer-tokens = 开发者评测中 { $tokens } token

models-benchmarks = 基准测试
models-codeforces = Codeforces 评级
models-score = { $score }（{ $note }）
models-answers = 每个回答的 token 数，含思考
models-answer-tokens = { $tokens } token：{ $task }
models-corrections = 更正
models-correction = { $claim }{ $correction }

models-files = 文件
models-file-count = { $count } 个文件
models-hashed = 有 sha256
models-file-legend = ~ 公布的是约数   = 没有公布：按张量形状算出的权重大小
models-sources = 来源
