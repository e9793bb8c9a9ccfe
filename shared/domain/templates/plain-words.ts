import type { Language } from "../words.ts";

const words = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/));

/**
 * The words that templates may be made of: what offices write about visits, papers, bills, pick-ups, surveys and news, in
 * small letters without accents. From the words of harmless texts of the corpus that clinical ones have less often, less
 * each one that can hint at a body, a condition, a treatment, a family or a kind of care. `-s` may follow any.
 */
export const PLAIN_WORDS: Readonly<Record<Language, ReadonlySet<string>>> = {
  en: words(`
    a a.m able about above accept accepted access account add added address addresses adjust adjusted
    adjustment after afternoon again agent agree agreement ahead all allow already also always am amount an
    and anniversary another answer answered answers any anybody anyone anything anytime apologize apology
    app appeal application applied apply applying appointment approval approve approved apr april are area
    aren't arrival arrive arrived as ask asked asking assign assigned assistant at atrium attach attachment
    audio aug august authorization automated automatic autopay availability available avenue awaits away
    back bad badge balance bank basement be because been before began begin begins behind being below
    beneath beside besides best better between big bill billing binder blank book booked booking both box
    brief bring brochure browser budget building bus busy but button buzzer by cabinet cable calendar call
    callback called calling came camera campus can can't cancel canceled cancellation cancellations
    cancelled cancelling cannot captions car card cards cars case cash ceiling celebration center certain
    change changed changes changing charge charges chart check check-in checked checking checks chinese
    choice choose chosen christmas city claim claims clerk click clinic close closed closes closing closure
    code combine combined come comes coming comment comments community company complete completed compliment
    computer computers concern concerns confirm confirmation confirmed confirming consent contact
    coordinator copay copied copy corner correct corrected cost could counter country county courier cover
    coverage covered covering covers create created credit customer daily data date dates day days daytime
    dear debit dec december decision deck decline declined decrease deductible delay delayed denied deny
    deposit desk desktop detail details detour dial did didn't difference different direct directions
    director directory display displayed district do doctor doctor's document documents does doesn't don't
    done door doorbell doors double-check doublecheck down download downstairs dr drawer drop drop-off
    dropoff dropped due duplicate during e-mail each earlier earliest early east easter easy eight either
    electronic elevator eleven eligible else email employer encrypted end ended ends english enjoy enroll
    enrolled enrollment enter entrance envelope error estimate eve even evening event every everybody
    everyone everyone's everything exact example except excited exclude exit expect experience expire
    extension extra fall far fax feb february fee feedback fees few fifteen file files fill filled final
    find finish finished fire first fiscal five fix fixed flood floor flyer fold folder follow for forget
    forgot form forms forward forwarded found four free french frequency fri friday friendly from front full
    fully garage gate general get gets getting give given gives glad go goes going gone good got gps
    grateful great greetings ground guard guest guests guide had half hall hallway hang hanukkah happen
    happy has hasn't have haven't hear heard hello help helped helpful helps here hi highway hipaa hire hired
    hiring history hold holiday holidays hour hourly hours how hurricane i id identification if important
    improve improved improvement in inbox include included includes including incomplete inconvenience
    increase independence information inside installment instead insurance insurer internet interpreter into
    invoice is isn't it it's item its jan january join joins jr jul july jun june juneteenth just keep kept
    key kiosk knock know lane language large last late later latest law least leave leaves leaving left less
    let let's lets letter letters letting library license lift like likely line link list listed load lobby
    local location lock locked locker locks log login look looking lost lot lunch made mail mailbox mailed
    mailing main maintenance make makes making mall manage manager many map mar march may mean meant meet
    member menu merge message messages microphone midday might minute minutes miss missed missing mistake
    moment mon monday money month's more morning most move moved moves moving mr mrs ms msg much must name
    names near nearby necessary need needed needs neighbor neighborhood network never new newest news
    newsletter newsroom next nice night nighttime nine no nobody noise none noon north not note notebook
    notes nothing notice notices nov november now number number's numbers nurse nurses oct october of off
    offer offered office office's offices offline often ok okay on once one online only open opened opening
    opens operator opinion opt option optional options or order orders original other others our ours out
    outage outside over overnight overpaid own owner p.m package page pages paid paint painters paper
    paperless papers paperwork parade parcel park parking part partial pass past patience patient patient's
    patients pay paying payment payments pdf pending people per permission person pharmacist pharmacy phone
    phones photo pick pick-up picked pickup picture pile place plan planned plans plaza please pleased pm
    policy policyholder portal position possible post posted poster power practice practice's practices
    prefer preference preferences prescription prescriptions present president press previous price print
    printed printer privacy private problem process processed processing profile progress proof protect
    protected protection proud prove provide provider provider's providers public put qualify quality
    quarter question questions queue quick quickly quite rain raise ramp rate rather rating reach read
    reading ready really reassign rebook rebooked rebooking reboot receipt receipts receive received recent
    recently reception receptionist recommend record records referral refill refills register registered
    registering registration remainder remaining remember remind reminded reminder reminders renew renewal
    reopen reopens repair replace replaced replied reply representative request requested require required
    requires reschedule rescheduled respond restore restored result results retire retired retirement
    retiring return returned review reviewed reviewing right rights road roof room rooms route rule rules
    run running runs safe safely safety said same sat saturday save saved saw say schedule scheduled
    scheduling school scroll search season seat seats second section secure secured security see seen select
    send sending sends sent sep separate sept september serve served server service services set setting
    settings seven several share shared short show shown shows shuttle side sidewalk sign sign-in sign-up
    signal signature signed signing signs signup simple since sit site six sixty slot slow slowly small snow
    so some somebody someone something soon sooner soonest sorry sound south space spaces spanish speak
    speaker special split spoke spot spots spring sr st stack staff stairs stamp stand star stars start
    started starting starts state statement statements station status stay ste step steps still stop storm
    street submit submitted subscriber subway such suggestion suggestions suite summary summer sun sunday
    supervisor sure survey surveys system systems tab tablet take taken takes taking talk tap tax taxi team
    technical tel telehealth telephone tell temporary ten terms text texted texting texts than thank
    thankful thanks thanksgiving that the their them then there these they thing things third thirty this
    those though three through thru thu thursday ticket till time times title to today today's together told
    toll tomorrow tonight too took topic tornado total tour tower town track tracking traffic train
    translate translation translator trip trouble truck try tue tuesday turn twelve twenty twice two type
    typo uber under underpaid understand understanding understood underway unit unless unlock unread unstop
    until up upcoming update updated upgrade upgraded upgrading upload uploaded upon upper upstairs us use
    used useful using usual vacation valet valid varies vary vehicle verification verified verify version
    very veterans video view visit visited visitor visitors visits voice voicemail volume volunteer wait
    waited waiting waitlist waive waived want wanted was wasn't watch way we we'll we're we've weather web
    website wed wednesday week weekday weekdays weekend weekends weekly welcome went were weren't west what
    what's when whenever where wherever whether which whichever while who whoever whole why wifi will wind
    window windows wing winter wish with within without won't word words work working works would write
    written wrong wrote year years yes yesterday yet you you'll you're you've your yours zip
  `),
  es: words(`
    a a.m abierta abierto abr abra abre abren abril abrimos abrir abriremos abrirla abrirlo aca acabo acceda
    acceder acceso accion acepta aceptamos aceptan aceptar acepte acera actual actualice actualizar
    actualmente acuda acuerdo adelanto adicional adios adjunte administracion agendar agende agente ago
    agosto agradecemos agregue ahi ahora ajuste ajustes al algo alguien algun alguna alguno alli alto am
    amable ambos anexo aniversario anotar anote ante anterior anteriores antes anuncio apagon apartado
    aparte apenas aplica aplicacion aplicar aprobacion apunte aquel aqui archivo area ascensor aseguradora
    asi asiento asista asistencia asistente asistir asunto atencion atendemos atender atienda atiende
    atienden atras atraso audio aun aunque auto autobus automatico autopista avenida avisa avisamos avisar
    avise aviso ayer ayuda ayudamos ayudante ayudar ayudarle ayude baja baje bajo banco bandeja barrio bien
    bienvenida bienvenido bienvenidos blanco boleto borre boton breve buen buena buenas bueno buenos buscar
    busque buzon cada caja calendario calle camara cambia cambiamos cambian cambiar cambiarla cambiarlo
    cambiaron cambie cambio camino camion cancela cancelacion cancelaciones cancelada cancelado cancelar
    cancelarla cancelarlo cancelaron cancele cancelo cantidad cargo cargos carpeta carretera carro carta
    cartas cartel casi caso celebracion celular centro cerca cercano cerrada cerrado cerramos cerrar
    cerraremos cheque cierra cierran cierre cierren cierto cinco cita citas ciudad clave clima clinica
    cobertura cobro cobros coche codigo comentario comentarios comenzar comience comienza como comparta
    compartir completa completar complete completo comprension comprobante comprobar computadora
    comunicacion comunicado comunidad comuniquese con condado confianza configuracion confirma confirmacion
    confirmada confirmado confirmamos confirmar confirmarla confirme conoce conocemos conocer conozca
    conozcan consentimiento construccion consulta consulte consultorio contacte contesta contestadora
    contestamos contestar conteste continue contra contrato coordinador copago copia copias copie correcta
    correcto correo correspondencia correspondiente corriente corrija corta corto costo crear credito cuadra
    cual cuales cualquier cualquiera cuando cuanto cuatro cubierta cubre cuenta cuentas cuestionario cuota
    cuotas damos dar dara daremos dato datos de debe deben debito decida decir decision deducible dejamos
    dejar deje dejo del demas demora demos den denos deposito derechos descarga descargar descargue desde
    desea despues desvio detalle detalles devolver devuelva dia dias dic dice dicen dicho diciembre dieron
    diez diferente diga digame diganos digital dijo dimos dinero dio dira direccion direcciones directa
    directamente directo director directora diremos disculpa disculpas disculpe disponible disponibles
    distinta distinto doble doce doctor doctora documento documentos dom domicilio domingo donde dos dr dra
    duplicado durante e edificio efectivo ejemplo el electricidad electronica electronico elegir elevador
    elige eligio elija elijan ella ellas ello ellos empece empezar empiece empiecen empieza empiezan
    empleado en encargada encargado encontrar encuentra encuentran encuentre encuesta ene enero enfermera
    enlace enseguida entendemos enteramos entiende entonces entra entrada entrar entre entrega entregar
    entregue enviamos enviar enviaron envie enviele envienos envio equipo era eran error es esa escalera
    escaleras escanee escolar escriba escribanos escribimos escribio escribir escrito escuche escuela ese
    eso esos espacio espacios espanol espera esperamos esperan esperar espere esquina esta estaba estacion
    estacionamiento estacionar estacione estado estamos estan estar estara estas este estimada estimado esto
    estos estrella estrellas estuvimos estuvo evaluar evalue exacta exacto expediente experiencia extension
    extienda extra facil facilmente factura falta faltan farmacia farmacias favor fax feb febrero fecha
    felices feliz feriado festivo fiestas fija fijo fila fin final firma firmada firmado firmar firme
    folleto forma formulario foto frente fue fuera fueron fuimos funciona funcionan gasto general
    generalmente gerente gracias gran grande guardar guarde guste gusto ha haber habia hablamos hablar hable
    habra hace hacemos hacen hacer haga han hara haran has hasta hay he hecho help hemos hicimos hielo hizo
    hoja hojas hola hora horario horarios horas hoy hubo huracan identificacion idioma importante impreso
    impresora incendio incluya incluye incompleta incompleto independencia informacion informamos informar
    informe ingles ingresar ingrese iniciar inicie inicio inscripcion intente internet interprete
    interpretes inundacion invierno ir iremos irse jamas jubilacion jue jueves jul julio jun junio junto
    juntos la lado lamentamos lamento largo las le lea leemos leer leerla leerlo leido lejos lenta lento les
    letra letrero ley leyes leyo libre licencia linea lista listas listo listos llama llamada llamadas
    llamar llamaremos llame llamenos llamo llega llegan llegar llegara llegaron llego llegue llenado llenar
    llene lleva llevar lleve llevo lluvia lo local los luego lugar lugares lun lunes mala malo manana manda
    mandamos mandar mande mandenos mando mantenimiento mapa mar marque martes marzo mas may mayo mayor me
    mediodia mejor mejoramos mejorar menor menos mensaje mensajeria mensajes mensual menu mesa metro mi
    microfono mie miembro mientras miercoles minuto minutos mire misma mismo moderno molestia molestias
    momento mostrador mostradores mover moverla movimos msg mucha muchas mucho muchos mudamos mudo mueva
    mueve muy nada nadie navegador navidad necesaria necesario necesita necesitamos necesitara nevada ni
    nieve ningun ninguna no noche nombre norte nos nosotros nota notas noticia noticias notificacion nov
    novedad novedades noviembre nuestra nuestras nuestro nuestros nueva nuevamente nuevas nueve nuevo nuevos
    numero numeros nunca o obligatorio obra obras ocho oct octubre oeste oficina oficinas ofrecemos oir ok
    olvide once opcion opcional opciones operador opine opinion oprima orden ordenes original otra otras
    otro otros oye p.m paciencia paciente pacientes paga pagado pagar pagina paginas pago pagos pague pais
    papel papeles paquete para parada parcial parte pasa pasado pasar pascua pase pasillo paso pedido
    pedidos pedimos pedir pendiente pendientes peor pequena pequeno perdon permiso permite permitir pero
    persona personal personalmente personas pida pide piden pidio pido piso plan planes plaza plazo pm poco
    pocos podemos poder podra podran podremos podria politica poliza pondra pondremos pone ponen poner ponga
    por porque portal portatil posible posibles practica preferencia preferencias preferir prefieran
    prefiere pregunta preguntar preguntas pregunte presentar presente presupuesto previa previo primer
    primera primero principal privacidad privada privado problema problemas proceso pronto propia propio
    proveedor proveedora proxima proximo publica publico pudieron pudimos pudo pueblo puede pueden puerta
    pues puesto puse puso que queda quedan quede quedo queja querer quien quienes quiera quiere quince
    quisieramos quisimos quiso rampa rapida rapidamente rapido razon recado recepcion recepcionista receta
    recetas recibe recibida recibido recibidor recibimos recibio recibir recibira recibirlos recibo recibos
    reciente reclamo recoger recogida recoja reconozca recordamos recordarle recordatorio recorrido recuerda
    recuerde red registrarse registrese registro regla regresar regrese renovar reparacion representante
    reprogramar reprograme requisito requisitos reservar reserve responda respondanos responde respondemos
    responder respuesta resuelto resuelva resultado resultados resumen retiro retraso revisar revise roto
    ruido ruta sab sabado sabemos saber sabra sala saldo saldra saldremos sale salga salida salir saludo
    saludos se sea seccion seguida seguimos seguir segun segunda segundo segura seguridad seguro seguros
    seis semana sencilla sencillo sentimos sep sepa septiembre ser sera seran servicio servicios si sido
    siempre siendo siete siga sigamos sigue siguen siguiente siguientes simple sin sino sirva sirvan sirve
    sirven sistema sitio sms sobre sobres solamente solicitar solicite solicitud solo son sonido sotano sr
    sra srta start stop su sube subir subtitulos sugerencia sugiera supervisor sur surtido surtir sus
    tableta tal tambien tampoco tan tanto tarde tardes tarifas tarjeta tarjetahabiente taxi te techo tel
    telefonica telefono telefonos temporal temprano tendra tendremos tenemos tener tenga tenia tercera
    terminacion terminar termine terminos texto tiempo tienda tiene tienen tipo toca toda todas todavia todo
    todos tomar tome tormenta torre total trabaja trabajamos trabajan trabajar trabajo traduccion traduce
    traductor traductora traduzca traer traiga tramite transito tras traslada trasladamos treinta tren tres
    turno turnos tuvimos tuvo u ubicacion ultima ultimo un una unas unicamente unirse uno unos usar use
    usted ustedes util utilice va vacaciones vale valen validacion valor vamos van varia varian varias
    varios vea veces vecindario veinte vemos vence vendra vendremos venga venir ventana ventanilla
    ventanillas ver vera verano veremos verificacion verla verlas verle verlo verlos veteranos vez viaje
    video videollamada vie vieja viejo viene viento viernes vinieron vinimos vino virtual visita visitar
    visitas visite vista visto voluntario volver voz vuelto vuelva vuelve vuelven web wifi y ya yo zona
  `),
};

/** Spanish verbs of offices, in every regular form that texts have. */
export const PLAIN_VERBS: ReadonlySet<string> = words(`
    abrir acceder aceptar activar actualizar adjuntar agendar agradecer agregar ajustar ampliar anotar
    apartar aplicar aprobar apuntar asistir atender atrasar autorizar avisar ayudar bajar borrar buscar
    calificar cambiar cancelar cerrar cobrar comentar comenzar compartir completar comprender comprobar
    comunicar conectar confirmar conocer considerar contactar contar contestar continuar coordinar copiar
    corregir crear cubrir deber decidir decir dejar demorar depositar desactivar descargar describir desear
    detallar devolver disculpar disponer elegir eliminar empezar encender encontrar entender enterar entrar
    entregar enviar escanear escribir escuchar esperar estacionar evaluar explicar extender facilitar faltar
    festejar fijar finalizar firmar funcionar guardar gustar hablar imprimir indicar informar ingresar
    iniciar instalar intentar invitar juntar lamentar leer limitar llamar llegar llenar llevar localizar
    mandar marcar mejorar modificar mostrar mover mudar necesitar notificar ofrecer olvidar opinar organizar
    pagar participar pasar pedir permitir pertenecer pintar planear preferir preguntar presentar procesar programar
    prolongar proteger publicar quedar querer reabrir rechazar recibir reciclar recoger reconocer recordar
    reemplazar registrar regresar rellenar renovar reparar repetir representar reprogramar requerir reservar
    resolver responder retirar retrasar revisar saber salir seguir separar servir situar solicitar subir
    sugerir surtir tardar tener terminar tocar tomar trabajar traducir traer trasladar ubicar unir usar
    utilizar valer vencer venir ver verificar visitar volver votar
  `);
